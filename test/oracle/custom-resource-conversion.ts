import { Secret } from '../../src/core/document/secret.js';
import {
  type Conversion,
  type CustomResource,
  MissingReferenceError,
  type PluginContext,
  type ResourceLookup,
  type ScrapeConfigSource,
  type ValueReference,
  type WatcherOptions,
} from '../../src/plugin-api/index.js';
import { watchersPlugin } from '../../src/plugins/watchers/index.js';
import { testContext } from '../fixtures/plugin-context.js';
import type { DrawnResource } from './custom-resource-arbitrary.js';
import type { Data } from './custom-resource-draw.js';
import type { Values, World } from './custom-resource-world.js';

const everything = { matchLabels: {}, matchExpressions: [] };
const idle: ScrapeConfigSource = { run: () => Promise.resolve() };

/** The administrator's options as the watchers get them. */
function watcherOptions(spec: Data): WatcherOptions {
  return {
    selection: {
      selector: everything,
      namespaceSelector: everything,
      allowNamespaces: [],
      denyNamespaces: [],
    },
    // The fields have the names and types of the operator's own.
    spec: { scrapeProtocols: [], scrapeClasses: [], ...spec } as unknown as WatcherOptions['spec'],
    kubeconfigFile: '',
  };
}

/** The kinds of custom resources that our plugins know, by their names, as the host gets them. */
export function customResources(spec: Data): ReadonlyMap<string, CustomResource> {
  const kinds = new Map<string, CustomResource>();
  const context: PluginContext = {
    ...testContext(),
    customResources: {
      source: (resource) => {
        kinds.set(resource.kind, resource);
        return idle;
      },
    },
  };
  for (const definition of watchersPlugin.provides) {
    if (definition.kind !== 'scrape-configs') continue;
    definition.create(watcherOptions(spec) as never, context); // its type is known to the definition alone
  }
  return kinds;
}

function valueIn(all: readonly Values[], kind: string, wanted: ValueReference): string {
  const { namespace, name, key } = wanted;
  const held = all.find((one) => one.namespace === namespace && one.name === name);
  if (held === undefined) throw new MissingReferenceError(`there is no such ${kind}`);
  const value = Object.hasOwn(held.data, key) ? held.data[key] : undefined;
  if (value !== undefined) return value;
  throw new MissingReferenceError(`${kind} ${namespace}/${name} has no such key`);
}

export function lookupIn({ secrets, configMaps }: World): ResourceLookup {
  return {
    secret: (reference) => new Secret(valueIn(secrets, 'Secret', reference)),
    configMap: (reference) => valueIn(configMaps, 'ConfigMap', reference),
  };
}

/** What our converter makes of a resource; what it throws rejects the resource, as the contract says. */
export function conversionOf(resource: DrawnResource, spec: Data, world: World): Conversion {
  const kind = customResources(spec).get(resource.kind);
  if (kind === undefined) throw new Error(`no plugin watches the kind ${resource.kind}`);
  return kind.convert(resource, lookupIn(world));
}
