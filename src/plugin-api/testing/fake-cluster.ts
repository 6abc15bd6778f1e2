import type {
  Informer,
  InformerChange,
  InformerFailure,
  InformerRequest,
  KubernetesServer,
} from '../context.js';
import { untilAborted } from '../until-aborted.js';

/** A Kubernetes object as the API gives it: anything, with a name. */
export interface RawObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

/** An informer that somebody has open. */
export interface OpenedInformer {
  /** What it was asked for. */
  readonly request: InformerRequest<unknown>;
  /** Tells it of a change. */
  readonly take: (type: InformerChange<unknown>['type'], object: RawObject) => void;
}

class FakeClusterError extends Error {
  readonly code = 'TA_FAKE_CLUSTER';
}

/** The objects of one kind, and how the caches of them are. */
class FakeKind {
  readonly objects = new Map<string, RawObject>();
  readonly failureListeners = new Set<(failure: InformerFailure | undefined) => void>();
  hasSynced = false;
  failure: InformerFailure | undefined;
  #resolveSync = (): void => undefined;
  readonly synced = new Promise<void>((resolve) => {
    this.#resolveSync = resolve;
  });

  sync(): void {
    if (this.failure !== undefined) return;
    this.hasSynced = true;
    this.#resolveSync();
  }

  fail(failure: InformerFailure | undefined): void {
    this.failure = failure;
    for (const listener of this.failureListeners) listener(failure);
  }
}

/**
 * An API server in memory, for tests: its objects are what the test says, and its informers sync when the test says so.
 * Label and field selectors of requests are not applied.
 *
 * @example
 * const cluster = new FakeCluster();
 * cluster.put('pods', { metadata: { namespace: 'shop', name: 'web-0' }, status: { podIP: '10.0.0.1' } });
 * cluster.sync();
 * const source = mine.create(options, { ...fakeContext(), kubernetes: cluster });
 */
export class FakeCluster implements KubernetesServer {
  readonly ownNamespace: string | undefined;
  /** Every informer that is open. */
  readonly opened = new Set<OpenedInformer>();
  readonly #kinds = new Map<string, FakeKind>();
  #hasSynced = false;

  /** @param ownNamespace Where the allocator's pod is; `undefined`: it runs outside of the cluster. */
  constructor(ownNamespace?: string) {
    this.ownNamespace = ownNamespace;
  }

  /** Lets all informers have what there is, but those of kinds that are refused. */
  sync(): void {
    this.#hasSynced = true;
    for (const kind of this.#kinds.values()) kind.sync();
  }

  /** Refuses a kind, or says that the server cannot be asked for it, before the sync. */
  refuse(plural: string, reason: InformerFailure['kind']): void {
    this.#of(plural).fail({ kind: reason, message: `refused: ${plural}` });
  }

  /** Lets the informers of a refused kind have what there is. */
  grant(plural: string): void {
    const kind = this.#of(plural);
    kind.fail(undefined);
    kind.sync();
    for (const object of kind.objects.values()) this.#tell(plural, 'added', object);
  }

  /** Creates or replaces an object. */
  put(plural: string, object: RawObject): void {
    const { objects } = this.#of(plural);
    const type = objects.has(keyOf(object)) ? 'updated' : 'added';
    objects.set(keyOf(object), object);
    this.#tell(plural, type, object);
  }

  /**
   * Deletes an object.
   *
   * @param key `namespace/name`, or `name` for cluster-wide kinds.
   * @throws Error when there is none.
   */
  delete(plural: string, key: string): void {
    const object = this.#of(plural).objects.get(key);
    if (object === undefined) throw new FakeClusterError(`there is no ${key} among the ${plural}`);
    this.#of(plural).objects.delete(key);
    this.#tell(plural, 'deleted', object);
  }

  /** Opens an informer; {@link FakeCluster.opened} has it until it is closed. */
  informer<T>(request: InformerRequest<T>): Informer<T> {
    const listeners = new Set<(changes: readonly InformerChange<T>[]) => void>();
    const opened: OpenedInformer = {
      request,
      take: (type, raw) => {
        const object = request.slim(raw);
        if (object === undefined || !isIn(raw, request)) return;
        for (const listener of listeners) listener([{ type, key: keyOf(raw), object }]);
      },
    };
    this.opened.add(opened);
    const kind = this.#of(request.plural);
    const known = (): readonly RawObject[] =>
      (kind.hasSynced ? [...kind.objects.values()] : []).filter((object) => isIn(object, request));
    const slim = (raw: RawObject | undefined): T | undefined => raw && request.slim(raw);
    return {
      get hasSynced() {
        return kind.hasSynced;
      },
      get failure() {
        return kind.failure;
      },
      onFailure: (listener) => {
        kind.failureListeners.add(listener);
        return () => kind.failureListeners.delete(listener);
      },
      synced: (signal) =>
        Promise.race([
          kind.synced,
          untilAborted(signal).then(() => {
            throw new FakeClusterError('aborted');
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

  #of(plural: string): FakeKind {
    const known = this.#kinds.get(plural) ?? new FakeKind();
    this.#kinds.set(plural, known);
    if (this.#hasSynced) known.sync();
    return known;
  }

  #tell(plural: string, type: InformerChange<unknown>['type'], object: RawObject): void {
    if (!this.#of(plural).hasSynced) return;
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
