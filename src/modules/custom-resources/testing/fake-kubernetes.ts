import type {
  Informer,
  InformerChange,
  InformerFailure,
  InformerRequest,
  KubernetesAccess,
} from '../../../plugin-api/index.js';
import type { RawObject } from '../../../plugin-api/testing/fake-cluster.js';

type Request = Omit<InformerRequest<unknown>, 'slim'>;

interface Opened {
  readonly request: Request;
  tell(type: InformerChange<unknown>['type'], object: RawObject): void;
  /** Asks the server again. */
  settle(): void;
}

/** A cache of what a {@link FakeKubernetes} answers. */
class FakeInformer<T> implements Informer<T>, Opened {
  hasSynced = false;
  failure: InformerFailure | undefined;
  readonly #cache = new Map<string, T>();
  readonly #listeners = new Set<(changes: readonly InformerChange<T>[]) => void>();
  readonly #failureListeners = new Set<(failure: InformerFailure | undefined) => void>();
  #tellSynced = (): void => undefined;
  readonly #synced = new Promise<void>((resolve) => {
    this.#tellSynced = resolve;
  });

  constructor(
    readonly request: InformerRequest<T>,
    private readonly server: FakeKubernetes,
  ) {}

  tell(type: InformerChange<unknown>['type'], raw: RawObject): void {
    const object = this.request.slim(raw);
    if (object === undefined || !this.hasSynced || !isAskedFor(raw, this.request)) return;
    const key = keyOf(raw);
    if (type === 'deleted') this.#cache.delete(key);
    else this.#cache.set(key, object);
    for (const listener of this.#listeners) listener([{ type, key, object }]);
  }

  settle(): void {
    const { failure, objects } = this.server.answer(this.request.plural);
    const isTurned = this.failure?.kind !== failure?.kind;
    this.failure = failure;
    if (isTurned) for (const listener of this.#failureListeners) listener(failure);
    if (objects === undefined || this.hasSynced) return;
    this.hasSynced = true;
    for (const object of objects) this.tell('added', object);
    this.#tellSynced();
  }

  synced(): Promise<void> {
    return this.#synced;
  }

  get(key: string): T | undefined {
    return this.#cache.get(key);
  }

  list(): Iterable<T> {
    return this.#cache.values();
  }

  onChange(listener: (changes: readonly InformerChange<T>[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onFailure(listener: (failure: InformerFailure | undefined) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  close(): void {
    this.server.close(this);
  }
}

/** An API server whose objects, and whose answers to each request, are what a test says. */
export class FakeKubernetes implements KubernetesAccess {
  readonly isConfigured = true;
  readonly opened = new Set<Opened>();
  readonly #objects = new Map<string, RawObject>();
  readonly #failures = new Map<string, InformerFailure>();
  #isReachable = true;

  get requests(): readonly Request[] {
    return [...this.opened].map(({ request }) => request);
  }

  /** From now on nothing is answered. */
  loseTouch(): void {
    this.#isReachable = false;
  }

  /** Everything is answered again. */
  reach(): void {
    this.#isReachable = true;
    for (const opened of this.opened) opened.settle();
  }

  /** `undefined`: its informers work again, and have what there is. */
  fail(plural: string, failure: InformerFailure['kind'] | undefined): void {
    if (failure === undefined) this.#failures.delete(plural);
    else this.#failures.set(plural, { kind: failure, message: `${plural} ${failure}` });
    for (const opened of this.opened) if (opened.request.plural === plural) opened.settle();
  }

  put(plural: string, object: RawObject): void {
    const key = `${plural} ${keyOf(object)}`;
    const type = this.#objects.has(key) ? 'updated' : 'added';
    this.#objects.set(key, object);
    this.#tell(plural, type, object);
  }

  delete(plural: string, key: string): void {
    const object = this.#objects.get(`${plural} ${key}`);
    if (object === undefined) return;
    this.#objects.delete(`${plural} ${key}`);
    this.#tell(plural, 'deleted', object);
  }

  informer<T>(request: InformerRequest<T>): Informer<T> {
    const opened = new FakeInformer(request, this);
    this.opened.add(opened);
    queueMicrotask(() => {
      opened.settle();
    });
    return opened;
  }

  /** What the server answers to a request for a kind at present, if anything. */
  answer(plural: string): {
    readonly failure?: InformerFailure;
    readonly objects?: readonly RawObject[];
  } {
    const failure = this.#failures.get(plural);
    if (failure !== undefined) return { failure };
    return this.#isReachable ? { objects: this.#of(plural) } : {};
  }

  close(opened: Opened): void {
    this.opened.delete(opened);
  }

  #tell(plural: string, type: InformerChange<unknown>['type'], object: RawObject): void {
    for (const opened of this.opened) {
      if (opened.request.plural === plural) opened.tell(type, object);
    }
  }

  #of(plural: string): readonly RawObject[] {
    const prefix = `${plural} `;
    return [...this.#objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
  }
}

function keyOf({ metadata: { namespace, name } }: RawObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isAskedFor({ metadata }: RawObject, request: Request): boolean {
  if (request.namespace !== undefined && request.namespace !== metadata.namespace) return false;
  const fields = new Map([
    ['metadata.name', metadata.name],
    ['metadata.namespace', metadata.namespace],
  ]);
  const terms = (request.fieldSelector ?? '').split(',').filter((term) => term !== '');
  return terms.every((term) => {
    const [field = '', value = ''] = term.split(/!?=/);
    return (fields.get(field) === value) !== term.includes('!=');
  });
}
