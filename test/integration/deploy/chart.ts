import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { realPart } from '../../fixtures/real-parts/real-parts.js';

const run = promisify(execFile);

export const repository = resolve(import.meta.dirname, '../../..');
export const chartFolder = join(repository, 'deploy/helm/target-allocator');
export const helm = realPart('helm');
export const kustomize = realPart('kustomize');

export interface Container {
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports: readonly object[];
  readonly securityContext: object;
  readonly volumeMounts: readonly object[];
  readonly startupProbe?: { readonly httpGet: object };
  readonly livenessProbe?: { readonly httpGet: object };
  readonly readinessProbe?: { readonly httpGet: object };
}
export interface PodSpec {
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext: object;
  readonly initContainers?: readonly object[];
  readonly containers: readonly Container[];
  readonly volumes: readonly { readonly configMap?: { readonly name: string } }[];
}
export interface PodTemplate {
  readonly metadata: { readonly labels: object };
  readonly spec: PodSpec;
}

/** As much of a specification of any kind as tests look at. */
interface Spec {
  readonly template?: PodTemplate;
  readonly containers?: readonly Container[];
  readonly ports?: readonly object[];
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly object[];
  readonly egress?: readonly object[];
}

/** As much of an object as tests look at. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: Spec;
  readonly data?: Readonly<Record<string, string>>;
  readonly rules?: readonly object[];
  readonly roleRef?: object;
  readonly subjects?: readonly object[];
}

/** Where every release of a test is. */
export const release = { name: 'ta', namespace: 'obs' };

/** The chart with these values, without what `helm test` runs. @throws with helm's words when it refuses them. */
export async function renderChart(values: object = {}): Promise<readonly KubernetesObject[]> {
  const objects = await renderAll(values);
  return objects.filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === undefined);
}

/** The chart with these values. */
export async function renderAll(values: object = {}): Promise<readonly KubernetesObject[]> {
  return withValues(values, async (file) => {
    const { name, namespace } = release;
    const args = ['template', name, chartFolder, '--namespace', namespace, '--values', file];
    return parseObjects((await run(helm ?? 'helm', args)).stdout);
  });
}

export function parseObjects(yaml: string): readonly KubernetesObject[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** The only one of a kind. */
export function theOnly(objects: readonly KubernetesObject[], kind: string): KubernetesObject {
  const [found, ...more] = objects.filter((object) => object.kind === kind);
  if (found === undefined || more.length > 0) {
    throw new Error(`${kind}: there are ${more.length + (found === undefined ? 0 : 1)}`);
  }
  return found;
}

/** The pods of the only object of a kind. */
export function podsOf(
  objects: readonly KubernetesObject[],
  kind = 'Deployment',
): PodTemplate & { readonly container: Container } {
  const template = theOnly(objects, kind).spec?.template;
  const [container] = template?.spec.containers ?? [];
  if (template === undefined || container === undefined) throw new Error(`${kind} has no pods`);
  return { ...template, container };
}

/** Lends a file with these values. */
export async function withValues<T>(values: object, use: (file: string) => Promise<T>): Promise<T> {
  return withFile(JSON.stringify(values), use);
}

export async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'chart-'));
  try {
    const file = join(folder, 'values.yaml');
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}
