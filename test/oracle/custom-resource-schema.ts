import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const run = promisify(execFile);
const module = 'github.com/prometheus-operator/prometheus-operator';

/** What a structural schema of a custom resource definition says of a value, as far as generators need it. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'number';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly 'x-kubernetes-list-type'?: 'set' | 'map' | 'atomic';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

interface Definition {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: {
        readonly openAPIV3Schema: { readonly properties: { readonly spec: Schema } };
      };
    }[];
  };
}

/** The schema of `spec` in prometheus-operator's own definition of a kind, from the module that the oracle is built of. */
export async function specSchema(plural: string): Promise<Schema> {
  const { stdout } = await run('go', ['list', '-m', '-f', '{{.Dir}}', module], {
    cwd: import.meta.dirname,
  });
  const file = `monitoring.coreos.com_${plural}.yaml`;
  const text = await readFile(join(stdout.trim(), 'example/prometheus-operator-crd', file), 'utf8');
  const definition = parse(text) as Definition; // a published document of a fixed version
  const [version] = definition.spec.versions;
  if (version === undefined) throw new Error(`${file} defines no version`);
  return version.schema.openAPIV3Schema.properties.spec;
}
