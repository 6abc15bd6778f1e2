import type { InformerFailure, ResourceSelection } from '../../plugin-api/index.js';

/** How many resources there are, and what the selectors make of them. */
export interface SelectionCounts {
  readonly seen: number;
  readonly selected: number;
  /** Taken by the selector of resources, whatever their namespace. */
  readonly byLabels: number;
  /** In a namespace that is selected, whatever their labels. */
  readonly byNamespace: number;
}

/** Why no resource of a kind is selected, for operators; `undefined`: some are. */
export function whyNoneSelected(
  { selector }: ResourceSelection,
  { seen, selected, byLabels, byNamespace }: SelectionCounts,
  failure: InformerFailure | undefined,
): string | undefined {
  if (selected > 0) return undefined;
  if (failure?.kind === 'absent') return 'the cluster has no such kind';
  if (failure?.kind === 'forbidden') return failure.message;
  if (selector === undefined) return 'selector is null';
  if (seen === 0) return 'there are none';
  if (byLabels === 0) return 'no resource has the labels of the selector';
  if (byNamespace === 0) return 'no namespace has the labels of the namespace selector';
  return 'no resource with the labels of the selector is in a namespace that is selected';
}
