import type { LabelSelectorTerms, WatcherOptions } from '../../plugin-api/index.js';
import type { AllocatorConfig, PrometheusCrConfig } from '../config/index.js';

/** A definition of kind `scrape-configs` that watches a kind of custom resources, and what it is made with. */
export interface CustomResourceWatcher {
  /** The definition, which also names the source. */
  readonly name: string;
  readonly options: WatcherOptions;
}

/** The selectors of a kind. */
interface KindSelectors {
  readonly selector: LabelSelectorTerms | undefined;
  readonly namespaceSelector: LabelSelectorTerms | undefined;
}

/** In the order in which their jobs count. */
const kinds: ReadonlyMap<string, (config: PrometheusCrConfig) => KindSelectors> = new Map([
  [
    'service-monitor',
    (config) => ({
      selector: config.serviceMonitorSelector,
      namespaceSelector: config.serviceMonitorNamespaceSelector,
    }),
  ],
  [
    'pod-monitor',
    (config) => ({
      selector: config.podMonitorSelector,
      namespaceSelector: config.podMonitorNamespaceSelector,
    }),
  ],
  [
    'probe',
    (config) => ({
      selector: config.probeSelector,
      namespaceSelector: config.probeNamespaceSelector,
    }),
  ],
  [
    'scrape-config',
    (config) => ({
      selector: config.scrapeConfigSelector,
      namespaceSelector: config.scrapeConfigNamespaceSelector,
    }),
  ],
]);

/** The names of all watchers that the configuration asks for. */
export function watcherNames({ prometheusCr }: AllocatorConfig): readonly string[] {
  return prometheusCr.enabled ? [...kinds.keys()] : [];
}

/**
 * The watchers that the configuration asks for.
 *
 * @param kubeconfigFile The file that leads to the cluster; the empty text in a pod.
 */
export function customResourceWatchers(
  { prometheusCr }: AllocatorConfig,
  kubeconfigFile: string,
): readonly CustomResourceWatcher[] {
  if (!prometheusCr.enabled) return [];
  const { allowNamespaces, denyNamespaces, spec } = prometheusCr;
  return Array.from(kinds, ([name, selectorsOf]) => ({
    name,
    options: {
      selection: { ...selectorsOf(prometheusCr), allowNamespaces, denyNamespaces },
      spec,
      kubeconfigFile,
    },
  }));
}
