import type {
  Informer,
  InformerChange,
  InformerRequest,
  KubernetesServer,
} from '../../../../plugin-api/index.js';

/** An object as the API gives it. */
interface RawObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

interface Opened {
  readonly request: InformerRequest<unknown>;
  readonly take: (type: InformerChange<unknown>['type'], object: RawObject) => void;
}

class FakeClusterError extends Error {}

/** A server whose objects are what a test says. Its informers sync when the test says so. */
export class FakeCluster implements KubernetesServer {
  /** Every informer that is open. */
  readonly opened = new Set<Opened>();
  readonly #objects = new Map<string, Map<string, RawObject>>();
  #resolveSync = (): void => undefined;
  readonly #synced = new Promise<void>((resolve) => {
    this.#resolveSync = resolve;
  });
  #hasSynced = false;

  constructor(readonly ownNamespace: string | undefined) {}

  /** Lets all informers have what there is. */
  sync(): void {
    this.#hasSynced = true;
    this.#resolveSync();
  }

  /** Creates or replaces an object. */
  put(plural: string, object: RawObject): void {
    const objects = this.#of(plural);
    const type = objects.has(keyOf(object)) ? 'updated' : 'added';
    objects.set(keyOf(object), object);
    this.#tell(plural, type, object);
  }

  delete(plural: string, key: string): void {
    const object = this.#of(plural).get(key);
    if (object === undefined) throw new FakeClusterError(`there is no ${key} among the ${plural}`);
    this.#of(plural).delete(key);
    this.#tell(plural, 'deleted', object);
  }

  informer<T>(request: InformerRequest<T>): Informer<T> {
    const listeners = new Set<(changes: readonly InformerChange<T>[]) => void>();
    const opened: Opened = {
      request,
      take: (type, raw) => {
        const object = request.slim(raw);
        if (object === undefined || !isIn(raw, request)) return;
        for (const listener of listeners) listener([{ type, key: keyOf(raw), object }]);
      },
    };
    this.opened.add(opened);
    const known = (): readonly RawObject[] =>
      [...this.#of(request.plural).values()].filter((object) => isIn(object, request));
    const slim = (raw: RawObject | undefined): T | undefined => raw && request.slim(raw);
    return {
      hasSynced: this.#hasSynced,
      synced: (signal) =>
        Promise.race([
          this.#synced,
          new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => {
              reject(new FakeClusterError('aborted'));
            });
          }),
        ]),
      get: (key) => slim(known().find((object) => keyOf(object) === key)),
      list: () => known().flatMap((object) => slim(object) ?? []),
      onChange: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      close: () => {
        this.opened.delete(opened);
      },
    };
  }

  #of(plural: string): Map<string, RawObject> {
    const known = this.#objects.get(plural) ?? new Map<string, RawObject>();
    this.#objects.set(plural, known);
    return known;
  }

  #tell(plural: string, type: InformerChange<unknown>['type'], object: RawObject): void {
    for (const { request, take } of this.opened) {
      if (request.plural === plural) take(type, object);
    }
  }
}

function keyOf({ metadata: { namespace, name } }: RawObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isIn({ metadata }: RawObject, request: Pick<InformerRequest<unknown>, 'namespace'>) {
  return request.namespace === undefined || request.namespace === metadata.namespace;
}
