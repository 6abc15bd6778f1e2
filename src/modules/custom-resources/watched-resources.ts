import { labelMatcher, type LabelMatcher } from '../../core/kubernetes/matches-selector.js';
import type {
  Clock,
  CustomResource,
  InformerChange,
  InformerFailure,
  KubernetesAccess,
  ResourceObject,
  ResourceSelection,
} from '../../plugin-api/index.js';
import { type LabelledNamespace, slimNamespace, slimResource } from './slim-resource.js';
import { WatchedKind } from './watched-kind.js';
import { watchedScope, type WatchedScope } from './watched-scope.js';

export interface WatchedResourcesOptions {
  readonly kubernetes: KubernetesAccess;
  readonly clock: Clock;
  /** The namespace that counts without a namespace selector. */
  readonly ownNamespace: string;
  /** These resources may have changed, or whether they are selected; `undefined`: any of them. */
  readonly onChange: (keys: Iterable<string> | undefined) => void;
  /** {@link WatchedResources.isKnown} or {@link WatchedResources.failure} may have changed. */
  readonly onState: () => void;
}

/** The resources of one kind, and which of them are selected. */
export class WatchedResources {
  readonly #scope: WatchedScope;
  readonly #isNoneSelected: boolean;
  readonly #matches: LabelMatcher;
  readonly #kind: WatchedKind<ResourceObject>;
  readonly #namespaces: WatchedKind<LabelledNamespace>;
  readonly #selectedNamespaces = new Set<string>();

  /** @throws LabelSelectorError when a selector is invalid. */
  constructor(
    resource: CustomResource,
    selection: ResourceSelection,
    private readonly options: WatchedResourcesOptions,
  ) {
    this.#scope = watchedScope(selection, options.ownNamespace);
    const { selector } = selection;
    this.#isNoneSelected = selector === undefined;
    this.#matches = selector === undefined ? () => false : labelMatcher(selector);
    const { onState } = options;
    const { group, version, plural } = resource;
    // Where nothing is selected, resources are only counted.
    const isCounted = this.#isNoneSelected;
    const shape = isCounted ? 'custom-resource-metadata' : 'custom-resource';
    const slim = (object: unknown): ResourceObject | undefined => {
      const slimmed = slimResource(object, resource);
      return isCounted && slimmed !== undefined ? { ...slimmed, spec: undefined } : slimmed;
    };
    this.#namespaces = new WatchedKind({
      ...options,
      requests: this.#scope.namespaces.map((scope) => ({
        ...{ group: '', version: 'v1', plural: 'namespaces', ...scope },
        ...{ slim: slimNamespace, shape: 'labelled-namespace' },
      })),
      onChange: (changes) => {
        this.#judgeNamespaces(changes);
      },
      onState,
    });
    this.#kind = new WatchedKind({
      ...options,
      requests: this.#scope.resources.map((scope) => ({
        ...{ group, version, plural, ...scope },
        ...{ slim: (object: unknown) => slim(object), shape },
      })),
      onChange: (changes) => {
        options.onChange(changes?.map(({ key }) => key));
      },
      onState,
    });
  }

  open(): void {
    this.#namespaces.open();
    this.#kind.open();
  }

  /** Whatever there is to know of the selection has been told, if only that it must not be known. */
  get isKnown(): boolean {
    return this.#kind.isKnown && this.#namespaces.isKnown;
  }

  /** Which ones are selected is known. Without a selector that is so before anything was listed: none are. */
  get isSelectionKnown(): boolean {
    return this.#isNoneSelected || this.isKnown;
  }

  get failure(): InformerFailure | undefined {
    return this.#kind.failure ?? this.#namespaces.failure;
  }

  /** The resource, if there is one and it is selected. */
  selected(key: string): ResourceObject | undefined {
    const found = this.#kind.get(key);
    return found !== undefined && this.#isSelected(found) ? found : undefined;
  }

  *keys(): Iterable<string> {
    for (const { metadata } of this.#kind.list()) yield `${metadata.namespace}/${metadata.name}`;
  }

  /** How many there are in the namespaces that are looked at; how many of them the selectors would take each by itself. */
  count(): { readonly seen: number; readonly byLabels: number; readonly byNamespace: number } {
    let seen = 0;
    let byLabels = 0;
    let byNamespace = 0;
    for (const { metadata } of this.#kind.list()) {
      if (!this.#scope.isLookedAt(metadata.namespace)) continue;
      seen += 1;
      if (this.#matches(metadata.labels)) byLabels += 1;
      if (this.#isNamespaceSelected(metadata.namespace)) byNamespace += 1;
    }
    return { seen, byLabels, byNamespace };
  }

  close(): void {
    this.#kind.close();
    this.#namespaces.close();
  }

  #isSelected({ metadata }: ResourceObject): boolean {
    return (
      this.#scope.isLookedAt(metadata.namespace) &&
      this.#isNamespaceSelected(metadata.namespace) &&
      this.#matches(metadata.labels)
    );
  }

  #isNamespaceSelected(namespace: string): boolean {
    return this.#scope.namespaceMatches === undefined || this.#selectedNamespaces.has(namespace);
  }

  #judgeNamespaces(changes: readonly InformerChange<LabelledNamespace>[] | undefined): void {
    const { namespaceMatches } = this.#scope;
    if (namespaceMatches === undefined) return;
    const turned = new Set<string>();
    for (const { type, object } of changes ?? this.#presentNamespaces()) {
      const isSelected = type !== 'deleted' && namespaceMatches(object.labels);
      if (isSelected === this.#selectedNamespaces.has(object.name)) continue;
      if (isSelected) this.#selectedNamespaces.add(object.name);
      else this.#selectedNamespaces.delete(object.name);
      turned.add(object.name);
    }
    if (turned.size > 0) this.options.onChange(this.#keysIn(turned));
  }

  #presentNamespaces(): InformerChange<LabelledNamespace>[] {
    return Array.from(this.#namespaces.list(), (object) => ({
      ...{ type: 'updated', key: object.name, object },
    }));
  }

  /** The resources in the namespaces. */
  *#keysIn(namespaces: ReadonlySet<string>): Iterable<string> {
    for (const { metadata } of this.#kind.list()) {
      if (namespaces.has(metadata.namespace)) yield `${metadata.namespace}/${metadata.name}`;
    }
  }
}
