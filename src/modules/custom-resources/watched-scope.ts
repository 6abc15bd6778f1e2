import {
  labelMatcher,
  type LabelMatcher,
  selectsEverything,
} from '../../core/kubernetes/matches-selector.js';
import type { ResourceSelection } from '../../plugin-api/index.js';

/** Part of a cluster that one informer covers. */
export interface InformerScope {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly fieldSelector?: string;
}

/** Where resources are looked for, and with which requests, so that no more rights are needed than what is asked for. */
export interface WatchedScope {
  /** One for each informer of the resources. */
  readonly resources: readonly InformerScope[];
  /** One for each informer of namespaces; none when their labels do not matter. */
  readonly namespaces: readonly InformerScope[];
  /** Whether a namespace is looked at, whatever its labels. */
  readonly isLookedAt: (namespace: string) => boolean;
  /** Judges the labels of a namespace; `undefined`: they do not matter. */
  readonly namespaceMatches: LabelMatcher | undefined;
}

/**
 * Named namespaces have an informer each, for which a Role in that namespace is enough. Otherwise there is one of the whole
 * cluster that leaves denied namespaces out by its field selector: what must not be seen is not sent.
 *
 * @param ownNamespace The one that counts without a namespace selector.
 * @throws LabelSelectorError when the namespace selector is invalid.
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/listwatch
 */
export function watchedScope(selection: ResourceSelection, ownNamespace: string): WatchedScope {
  const { namespaceSelector, allowNamespaces, denyNamespaces } = selection;
  const named = namespaceSelector === undefined ? [ownNamespace] : allowNamespaces;
  const isAllowed = (namespace: string): boolean =>
    !denyNamespaces.includes(namespace) &&
    (allowNamespaces.length === 0 || allowNamespaces.includes(namespace));
  const isLookedAt = (namespace: string): boolean =>
    isAllowed(namespace) && (named.length === 0 || named.includes(namespace));
  const isByLabels = namespaceSelector !== undefined && !selectsEverything(namespaceSelector);
  const namespaces = [...new Set(named)].filter(isAllowed);
  const isEverywhere = named.length === 0;
  return {
    resources: isEverywhere
      ? [excluding('metadata.namespace', denyNamespaces)]
      : namespaces.map((namespace) => ({ namespace })),
    namespaces: isByLabels
      ? namespaceScopes(isEverywhere ? undefined : namespaces, denyNamespaces)
      : [],
    isLookedAt,
    namespaceMatches: isByLabels ? labelMatcher(namespaceSelector) : undefined,
  };
}

/** A list by name needs the right to that one namespace only (`resourceNames`). */
function namespaceScopes(
  names: readonly string[] | undefined,
  denied: readonly string[],
): readonly InformerScope[] {
  if (names === undefined) return [excluding('metadata.name', denied)];
  return names.map((name) => ({ fieldSelector: `metadata.name=${name}` }));
}

function excluding(field: string, denied: readonly string[]): InformerScope {
  if (denied.length === 0) return {};
  const terms = [...new Set(denied)].sort().map((namespace) => `${field}!=${namespace}`);
  return { fieldSelector: terms.join(',') };
}
