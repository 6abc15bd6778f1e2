import {
  type Conversion,
  type CustomResource,
  definePlugin,
  defineScrapeConfigSource,
  type ResourceSelection,
} from 'target-allocator/plugin-api';

/**
 * What a resource means: the job that Prometheus would be given. Nothing but the arguments counts, because it is called
 * again whenever something changes. What `spec` has in it is somebody else's: check it.
 */
export const myNameResource: CustomResource = {
  group: 'example.org',
  version: 'v1',
  plural: 'mynames',
  kind: 'MyName',
  convert: ({ metadata, spec }): Conversion => {
    const { targets, path = '/metrics' }: Partial<Record<string, unknown>> = spec ?? {};
    const rejected: string[] = [];
    if (!isListOfTexts(targets)) rejected.push('spec.targets: must be a list of host:port');
    if (typeof path !== 'string') rejected.push('spec.path: must be a text');
    if (rejected.length > 0) return { configs: [], rejected };
    const job = {
      job_name: `my-name/${metadata.namespace}/${metadata.name}`,
      metrics_path: path,
      static_configs: [{ targets, labels: { namespace: metadata.namespace } }],
    };
    return { configs: [job], rejected };
  },
};

function isListOfTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

const everything = { matchLabels: {}, matchExpressions: [] };
/** All resources in all namespaces. */
const selection: ResourceSelection = {
  selector: everything,
  namespaceSelector: everything,
  allowNamespaces: [],
  denyNamespaces: [],
};

export const myNameWatcher = defineScrapeConfigSource({
  name: 'my-name',
  stability: 'alpha',
  create: (_options, { customResources }) => {
    if (customResources === undefined) throw new Error('my-name needs a Kubernetes cluster');
    return customResources.source(myNameResource, selection);
  },
});

export default definePlugin({ name: 'my-package', provides: [myNameWatcher] });
