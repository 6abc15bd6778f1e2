import type { KubernetesRole, WatcherOptions } from '../../../plugin-api/index.js';
import { type DocumentFields, present } from './document-fields.js';
import type { ScrapeClass } from './scrape-class.js';
import type { SpecValue } from './spec-value.js';

/** Where the objects of a discovery are looked for. */
export interface KubernetesSdParts {
  readonly role: KubernetesRole;
  readonly namespaceSelector: SpecValue;
  /** The namespace of the resource. */
  readonly namespace: string;
  readonly attachMetadata?: { readonly node: boolean } | undefined;
  readonly selectors?:
    readonly { readonly role: KubernetesRole; readonly label: string }[] | undefined;
}

/** The one entry of `kubernetes_sd_configs`. */
export function kubernetesSd(
  parts: KubernetesSdParts,
  { spec, kubeconfigFile }: Pick<WatcherOptions, 'spec' | 'kubeconfigFile'>,
): DocumentFields {
  const { role, namespaceSelector, namespace, attachMetadata, selectors } = parts;
  const names = namespaceNames(
    namespaceSelector,
    namespace,
    spec.ignoreNamespaceSelectors === true,
  );
  const entry = present({
    role,
    kubeconfig_file: kubeconfigFile === '' ? undefined : kubeconfigFile,
    namespaces: names.length === 0 ? undefined : { names },
    attach_metadata: attachMetadata,
    selectors,
  });
  return { kubernetes_sd_configs: [entry] };
}

/** `attach_metadata` of a resource, else of its class. */
export function attachMetadata(
  at: SpecValue,
  scrapeClass: ScrapeClass,
): { readonly node: boolean } | undefined {
  if (!at.isPresent) return scrapeClass.attachMetadata;
  return { node: at.field('node').bool() ?? false };
}

/** None stands for all namespaces. */
function namespaceNames(at: SpecValue, own: string, isIgnored: boolean): readonly string[] {
  const any = at.field('any').bool() === true;
  const names = at.field('matchNames').texts();
  if (isIgnored) return [own];
  if (any) return [];
  return names.length === 0 ? [own] : names;
}
