import type { LabelSelectorTerms } from '../kubernetes/label-selector.js';

/** Which resources of a kind count. */
export interface ResourceSelection {
  /** By the resource's own labels; `undefined` selects nothing. */
  readonly selector: LabelSelectorTerms | undefined;
  /** By the labels of its namespace; `undefined` stands for the allocator's own namespace alone. */
  readonly namespaceSelector: LabelSelectorTerms | undefined;
  /** Only these namespaces are looked at; empty: all of them. */
  readonly allowNamespaces: readonly string[];
  /** These namespaces are never looked at. */
  readonly denyNamespaces: readonly string[];
}
