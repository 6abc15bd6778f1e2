import type { Informer } from '../../../plugin-api/index.js';
import type { KubernetesService } from '../../kubernetes/index.js';

export interface SecretWatchesOptions {
  readonly kubernetes: Pick<KubernetesService, 'informer'>;
  /** Where Secrets may be watched. */
  readonly namespaces: () => readonly string[];
  /** @param resourceVersion `undefined`: the Secret was deleted. */
  readonly onChange: (
    secret: { readonly namespace: string; readonly name: string },
    resourceVersion: string | undefined,
  ) => void;
  /** The answer of {@link SecretWatches.isFollowing} has changed. */
  readonly onFollowing: (namespace: string) => void;
}

interface NamespaceWatch {
  informer: Informer<string> | undefined;
  users: number;
}

/** Says when Secrets of a namespace change, without ever being sent what is in them. One watch for all its users. */
export class SecretWatches {
  readonly #options: SecretWatchesOptions;
  readonly #watches = new Map<string, NamespaceWatch>();

  constructor(options: SecretWatchesOptions) {
    this.#options = options;
  }

  /** A Secret of this namespace is to be followed, where Secrets may be watched. */
  use(namespace: string): void {
    const watch = this.#watches.get(namespace) ?? this.#open(namespace);
    watch.users += 1;
  }

  /** One Secret less; with the last one the watch ends. */
  release(namespace: string): void {
    const watch = this.#watches.get(namespace);
    if (watch === undefined) return;
    watch.users -= 1;
    if (watch.users > 0) return;
    this.#watches.delete(namespace);
    watch.informer?.close();
  }

  /** Watches where it is wanted now, and no longer elsewhere. */
  update(): void {
    for (const [namespace, watch] of this.#watches) {
      if (this.#isWanted(namespace) === (watch.informer !== undefined)) continue;
      watch.informer?.close();
      watch.informer = this.#openInformer(namespace);
      this.#options.onFollowing(namespace);
    }
  }

  /** Whether a change of a Secret in this namespace would be told. */
  isFollowing(namespace: string): boolean {
    const informer = this.#watches.get(namespace)?.informer;
    return informer?.hasSynced === true && informer.failure === undefined;
  }

  close(): void {
    for (const { informer } of this.#watches.values()) informer?.close();
    this.#watches.clear();
  }

  #open(namespace: string): NamespaceWatch {
    const watch = { informer: this.#openInformer(namespace), users: 0 };
    this.#watches.set(namespace, watch);
    return watch;
  }

  #isWanted(namespace: string): boolean {
    return this.#options.namespaces().includes(namespace);
  }

  #openInformer(namespace: string): Informer<string> | undefined {
    if (!this.#isWanted(namespace)) return undefined;
    const { kubernetes, onChange, onFollowing } = this.#options;
    const informer = kubernetes.informer({
      group: '',
      version: 'v1',
      plural: 'secrets',
      namespace,
      metadataOnly: true,
      slim: versionOf,
      shape: 'resource-version',
    });
    informer.onChange((changes) => {
      for (const { type, key, object } of changes) {
        const name = key.slice(key.indexOf('/') + 1);
        onChange({ namespace, name }, type === 'deleted' ? undefined : object);
      }
    });
    informer.onFailure(() => {
      onFollowing(namespace);
    });
    return informer;
  }
}

function versionOf(object: unknown): string | undefined {
  if (typeof object !== 'object' || object === null || !('metadata' in object)) return undefined;
  const { metadata } = object;
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  if (!('resourceVersion' in metadata)) return undefined;
  const { resourceVersion } = metadata;
  return typeof resourceVersion === 'string' ? resourceVersion : undefined;
}
