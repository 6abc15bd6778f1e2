import type { Informer, InformerRequest, KubernetesAccess } from '../../plugin-api/index.js';
import { SharedInformer, type InformerTools } from './shared-informer.js';

/**
 * The informers of one API server: one for each kind, namespace, selectors and shape, however many use it, closed with
 * its last user.
 */
export class SharedInformers implements KubernetesAccess {
  readonly #tools: InformerTools;
  readonly #onUnused: () => void;
  readonly #informers = new Map<string, SharedInformer<unknown>>();

  /** @param onUnused Called when the last user of the last informer has closed it. */
  constructor(tools: InformerTools, onUnused: () => void = () => undefined) {
    this.#tools = tools;
    this.#onUnused = onUnused;
  }

  informer<T>(request: InformerRequest<T>): Informer<T> {
    const key = keyOf(request);
    const shared =
      this.#find<T>(key) ?? this.#keep(key, new SharedInformer<T>(request, this.#tools));
    return shared.use(() => {
      this.#informers.delete(key);
      if (this.#informers.size === 0) this.#onUnused();
    });
  }

  /** Those that are used at present. */
  list(): readonly SharedInformer<unknown>[] {
    return [...this.#informers.values()];
  }

  close(): void {
    for (const informer of this.#informers.values()) informer.stop();
    this.#informers.clear();
  }

  #find<T>(key: string): SharedInformer<T> | undefined {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the shape in the key names T
    return this.#informers.get(key) as SharedInformer<T> | undefined;
  }

  #keep<T>(key: string, informer: SharedInformer<T>): SharedInformer<T> {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the shape in the key names T
    this.#informers.set(key, informer as unknown as SharedInformer<unknown>);
    return informer;
  }
}

function keyOf(request: InformerRequest<unknown>): string {
  const { group, version, plural, namespace, labelSelector, fieldSelector, shape } = request;
  const { metadataOnly = false } = request;
  return JSON.stringify([
    group,
    version,
    plural,
    // All namespaces and the namespace '' are not the same question.
    namespace ?? null,
    labelSelector ?? '',
    fieldSelector ?? '',
    metadataOnly,
    shape,
  ]);
}
