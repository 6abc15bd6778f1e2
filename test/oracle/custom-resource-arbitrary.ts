import fc from 'fast-check';
import { type Care, type Data, draw, drawText, some, struct } from './custom-resource-draw.js';
import {
  intervalAndTimeout,
  keyReference,
  labelSelector,
  ports,
  quantities,
  relabelRule,
  whole,
} from './custom-resource-pieces.js';
import type { Schema } from './custom-resource-schema.js';
import { tidy } from './custom-resource-tidy.js';
import { mapKeys, poolOf } from './custom-resource-values.js';

type Path = readonly string[];

/** Which of an object's fields are there so many times of a hundred, when the number of its fields does not say it. */
const presences: Readonly<Record<string, number>> = {
  endpoints: 100,
  podMetricsEndpoints: 100,
  prober: 100,
  targets: 100,
  ingress: 70,
  credentials: 100,
  'basicAuth.username': 100,
  'basicAuth.password': 100,
  // Prometheus asks the cloud for its own region when none is given.
  region: 100,
  staticConfig: 60,
  staticConfigs: 40,
  kubernetesSDConfigs: 25,
  httpSDConfigs: 15,
  fileSDConfigs: 15,
  tenantID: 80,
  clientID: 80,
  clientSecret: 80,
};

function presenceOf(path: Path, siblings: number): number {
  const name = path.at(-1) ?? '';
  const known = presences[path.slice(-2).join('.')] ?? presences[name];
  if (known !== undefined) return known;
  if (name.endsWith('SDConfigs')) return 7;
  return Math.min(50, Math.max(15, Math.round(400 / siblings)));
}

/** Draws values of a schema: those that fit, and so many mistakes. */
class SchemaDraw {
  constructor(private readonly care: Care) {}

  value(schema: Schema, path: Path): fc.Arbitrary<unknown> {
    if (schema['x-kubernetes-int-or-string'] === true) {
      return path.at(-1) === 'targetPort' ? ports : quantities;
    }
    if (schema.enum !== undefined) {
      return draw(this.care, fc.constantFrom(...schema.enum), fc.constantFrom('nothing', ''));
    }
    switch (schema.type) {
      case 'boolean':
        return fc.boolean();
      case 'integer':
        return whole(this.care, schema.minimum ?? 0, schema.maximum);
      case 'string':
        return drawText(this.care, poolOf(path));
      case 'array':
        return this.#list(schema, path);
      case 'object':
        return this.#object(schema, path);
      default:
        throw new Error(`a schema without a type that is known at ${path.join('.')}`);
    }
  }

  /** Null is as good as absent. */
  #perhapsNull(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
    return draw({ mistakes: Math.ceil(this.care.mistakes / 4) }, value, fc.constant(null));
  }

  #list(schema: Schema, path: Path): fc.Arbitrary<unknown> {
    const item = this.value(schema.items ?? {}, [...path.slice(0, -1), `${path.at(-1) ?? ''}[]`]);
    const least = path.includes('proxyConnectHeader{}') ? 1 - Math.sign(this.care.mistakes) : 0;
    const lengths = { minLength: schema.minItems ?? least, maxLength: path.length === 1 ? 2 : 3 };
    const keys = schema['x-kubernetes-list-map-keys'];
    if (schema['x-kubernetes-list-type'] === 'set') return fc.uniqueArray(item, lengths);
    return keys === undefined
      ? fc.array(item, lengths)
      : fc.uniqueArray(item, {
          ...lengths,
          // Objects, whose keys are named by the schema; one that is absent or null is read as an empty one.
          selector: (element) => JSON.stringify(keys.map((key) => (element as Data)[key] ?? '')),
        });
  }

  #object(schema: Schema, path: Path): fc.Arbitrary<Data> {
    const { properties, additionalProperties = {} } = schema;
    if (properties === undefined) return this.#map(additionalProperties, path);
    const has = (...names: readonly string[]): boolean => names.every((name) => name in properties);
    if (has('action', 'modulus')) return relabelRule(this.care);
    if (has('matchLabels')) return labelSelector(this.care);
    if (has('key', 'optional')) return keyReference(this.care, path);
    if (has('secret', 'configMap')) return this.#either(properties, path);
    return tidy(this.#struct(schema, path), 3 * this.care.mistakes);
  }

  #map(values: Schema, path: Path): fc.Arbitrary<Data> {
    const value = this.value(values, [...path.slice(0, -1), `${path.at(-1) ?? ''}{}`]);
    return fc
      .uniqueArray(fc.tuple(mapKeys, value), { maxLength: 3, selector: ([key]) => key })
      .map((entries) => Object.fromEntries(entries));
  }

  /** A Secret or a ConfigMap, by mistake both or none. */
  #either(properties: Readonly<Record<string, Schema>>, path: Path): fc.Arbitrary<Data> {
    const secret = this.value(properties['secret'] ?? {}, [...path, 'secret']);
    const configMap = this.value(properties['configMap'] ?? {}, [...path, 'configMap']);
    const wild = struct({ secret: some(secret, 50), configMap: some(configMap, 50) });
    return draw(this.care, fc.oneof(struct({ secret }), struct({ configMap })), wild);
  }

  #struct({ properties = {}, required = [] }: Schema, path: Path): fc.Arbitrary<Data> {
    const names = Object.keys(properties);
    const timing = ['interval', 'scrapeInterval'].find((name) => names.includes(name));
    const isTimed = timing !== undefined && names.includes('scrapeTimeout');
    const fields = Object.entries(properties)
      .filter(([name]) => !isTimed || (name !== timing && name !== 'scrapeTimeout'))
      .map(([name, schema]) => {
        const value = this.value(schema, [...path, name]);
        const presence = presenceOf([...path, name], names.length);
        const isSure = required.includes(name) || presence === 100;
        const missing = draw<unknown>(this.care, some(value, 50), fc.constant(null));
        return [
          name,
          isSure ? draw(this.care, value, missing) : some(this.#perhapsNull(value), presence),
        ];
      });
    if (this.care.mistakes > 0) fields.push(['unknown', some(fc.constant('x'), 3)]);
    const rest = struct(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>); // as built above
    if (!isTimed) return rest;
    return fc.tuple(rest, some(intervalAndTimeout(this.care), 40)).map(([data, times]) => ({
      ...data,
      ...(times?.[0] === undefined ? {} : { [timing]: times[0] }),
      ...(times?.[1] === undefined ? {} : { scrapeTimeout: times[1] }),
    }));
  }
}

/** The object that the API server gives. */
export interface DrawnResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: unknown;
}

/** A kind of custom resource and what its definition says. */
export interface DrawnKind {
  readonly kind: string;
  readonly apiVersion: string;
  readonly schema: Schema;
}

/** @param care Without mistakes, nearly every resource is taken. */
export function resourcesOf(
  { kind, apiVersion, schema }: DrawnKind,
  namespace: string,
  care: Care,
): fc.Arbitrary<DrawnResource> {
  const spec = new SchemaDraw(care).value(schema, []);
  const names = fc.constantFrom('web', 'a.b', 'x-1', '0');
  return fc.tuple(names, spec).map(([name, drawn]) => ({
    apiVersion,
    kind,
    metadata: { namespace, name, uid: 'u', resourceVersion: '1', labels: {}, annotations: {} },
    spec: drawn,
  }));
}
