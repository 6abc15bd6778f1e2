import {
  type Conversion,
  type CustomResource,
  MissingReferenceError,
  type PrometheusSpec,
  type ResourceLookup,
  type ResourceObject,
  Secret,
  type ValueReference,
  type WatcherOptions,
} from '../../../plugin-api/index.js';

const everything = { matchLabels: {}, matchExpressions: [] };

/** The options of a watcher that takes everything. */
export function optionsOf(spec: Partial<PrometheusSpec> = {}, kubeconfigFile = ''): WatcherOptions {
  return {
    selection: {
      selector: everything,
      namespaceSelector: everything,
      allowNamespaces: [],
      denyNamespaces: [],
    },
    spec: {
      scrapeInterval: '30s',
      evaluationInterval: '30s',
      scrapeProtocols: [],
      scrapeClasses: [],
      ...spec,
    },
    kubeconfigFile,
  };
}

/** The resource `shop/web` of a kind. */
export function resourceOf(
  { group, version, kind }: Pick<CustomResource, 'group' | 'version' | 'kind'>,
  spec: unknown,
  { namespace = 'shop', name = 'web' }: { namespace?: string; name?: string } = {},
): ResourceObject {
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { namespace, name, uid: 'u', resourceVersion: '1', labels: {}, annotations: {} },
    spec,
  };
}

/** Answers from texts by `namespace/name/key`. */
export function lookupOf(
  secrets: Readonly<Record<string, string>> = {},
  configMaps: Readonly<Record<string, string>> = {},
): ResourceLookup {
  const find = (
    kind: string,
    all: Readonly<Record<string, string>>,
    at: ValueReference,
  ): string => {
    const text = all[`${at.namespace}/${at.name}/${at.key}`];
    if (text !== undefined) return text;
    throw new MissingReferenceError(`${kind} ${at.namespace}/${at.name} has no key "${at.key}"`);
  };
  return {
    secret: (at) => new Secret(find('Secret', secrets, at)),
    configMap: (at) => find('ConfigMap', configMaps, at),
  };
}

/** Converts `shop/web` with these values to look up. */
export function converted(
  kind: CustomResource,
  spec: unknown,
  lookup: ResourceLookup = lookupOf(),
): Conversion {
  return kind.convert(resourceOf(kind, spec), lookup);
}

/** The only job of a resource that must be right. */
export function onlyJob(
  kind: CustomResource,
  spec: unknown,
  lookup?: ResourceLookup,
): Readonly<Record<string, unknown>> {
  const { configs, rejected } = converted(kind, spec, lookup);
  const [job] = configs;
  if (configs.length !== 1 || job === undefined) {
    // eslint-disable-next-line no-restricted-syntax -- tells a failing test why
    throw new Error(`expected one job, got ${String(configs.length)}: ${rejected.join('; ')}`);
  }
  return job;
}
