import {
  type CustomResource,
  MissingReferenceError,
  type ResourceLookup,
} from '../../core/custom-resource/conversion.js';
import type { ResourceObject } from '../../core/custom-resource/resource-object.js';
import type { ResourceSelection } from '../../core/custom-resource/resource-selection.js';
import { matchesSelector } from '../../core/kubernetes/matches-selector.js';
import { type LabelSet, labelSetOf } from '../../core/labels/label-set.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import type { CustomResourceHost, Informer } from '../context.js';
import type { ScrapeConfigSource } from '../source.js';
import { untilAborted } from '../until-aborted.js';
import { completedJob } from './completed-job.js';
import type { FakeCluster, RawObject } from './fake-cluster.js';

/** What references of resources lead to when a test gives nothing: nothing is there. */
const nothing: ResourceLookup = {
  secret: ({ namespace, name }) => {
    throw new MissingReferenceError(`there is no Secret ${namespace}/${name}`);
  },
  configMap: ({ namespace, name }) => {
    throw new MissingReferenceError(`there is no ConfigMap ${namespace}/${name}`);
  },
};

/**
 * A host of custom resources for tests: it watches a {@link FakeCluster}, converts what is selected by its labels and its
 * namespace's name, and completes the jobs. What the real one does beyond it (last good versions, selection by the labels
 * of namespaces, references that change, reports) is left to the real one.
 *
 * @example { ...fakeContext(), customResources: fakeCustomResources(cluster) }
 */
export function fakeCustomResources(
  cluster: FakeCluster,
  lookup: ResourceLookup = nothing,
): CustomResourceHost {
  return {
    source: (resource, selection): ScrapeConfigSource => ({
      run: async (emit, signal) => {
        const informer = cluster.informer({
          ...{ group: resource.group, version: resource.version, plural: resource.plural },
          slim: (object) => resourceOf(object, resource),
          shape: 'resource',
        });
        const tell = (): void => {
          emit(jobsOf(informer, { resource, selection, lookup }));
        };
        const stopListening = informer.onChange(tell);
        try {
          await informer.synced(signal);
          tell();
          await untilAborted(signal);
        } catch (error) {
          if (!signal.aborted) throw error;
        } finally {
          stopListening();
          informer.close();
        }
      },
    }),
  };
}

interface Watched {
  readonly resource: CustomResource;
  readonly selection: ResourceSelection;
  readonly lookup: ResourceLookup;
}

function jobsOf(
  informer: Informer<ResourceObject>,
  { resource, selection, lookup }: Watched,
): readonly ScrapeConfig[] {
  const selected = [...informer.list()].filter((object) => isSelected(object, selection));
  return selected.flatMap((object) => configsOf(resource, object, lookup));
}

/** Of a resource that is rejected, or has a job that is, nothing is taken. */
function configsOf(
  resource: CustomResource,
  object: ResourceObject,
  lookup: ResourceLookup,
): readonly ScrapeConfig[] {
  try {
    const { configs, rejected } = resource.convert(object, lookup);
    if (rejected.length > 0) return [];
    const completed = configs.map((document) => completedJob(document).config);
    return completed.every((config) => config !== undefined) ? completed : [];
  } catch {
    return [];
  }
}

function isSelected({ metadata }: ResourceObject, selection: ResourceSelection): boolean {
  const { selector, allowNamespaces, denyNamespaces } = selection;
  if (selector === undefined || !matchesSelector(selector, metadata.labels)) return false;
  const isAllowed = allowNamespaces.length === 0 || allowNamespaces.includes(metadata.namespace);
  return isAllowed && !denyNamespaces.includes(metadata.namespace);
}

function resourceOf(
  object: unknown,
  { group, version, kind }: CustomResource,
): ResourceObject | undefined {
  if (!isRaw(object)) return undefined;
  const { name, namespace = '', uid, resourceVersion, labels, annotations } = object.metadata;
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: {
      namespace,
      name,
      uid: typeof uid === 'string' ? uid : name,
      resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '1',
      labels: textsOf(labels),
      annotations: textsOf(annotations),
    },
    spec: object['spec'],
  };
}

function isRaw(object: unknown): object is RawObject {
  return typeof object === 'object' && object !== null && 'metadata' in object;
}

function textsOf(value: unknown): LabelSet {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return labelSetOf(entries.map(([name, text]) => [name, String(text)] as const));
}
