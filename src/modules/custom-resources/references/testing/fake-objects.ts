import type {
  Informer,
  InformerChange,
  InformerFailure,
  InformerRequest,
} from '../../../../plugin-api/index.js';
import { ApiStatusError, type ObjectName } from '../../../kubernetes/index.js';

interface FakeObject {
  readonly version: number;
  readonly data: Readonly<Record<string, string>>;
}

/** Secrets and ConfigMaps of an API server that a test changes, breaks and stops. */
export class FakeObjects {
  /** `secrets/ns/name` of each request, in order. */
  readonly reads: string[] = [];
  /** What every read fails with. */
  failure: Error | undefined;
  /** Reads that may not be answered yet wait for it. */
  gate: Promise<void> = Promise.resolve();
  mostAtOnce = 0;
  readonly watches = new Map<string, FakeWatch>();
  readonly #objects = new Map<string, FakeObject>();
  #version = 0;
  #underWay = 0;

  /** @param path `secrets/ns/name`; data as it is on the wire. */
  put(path: string, data: Readonly<Record<string, string>>): void {
    this.#version += 1;
    this.#objects.set(path, { version: this.#version, data });
    this.#tell(path, 'updated');
  }

  delete(path: string): void {
    this.#objects.delete(path);
    this.#tell(path, 'deleted');
  }

  async readObject({ plural, namespace, name }: ObjectName, signal: AbortSignal): Promise<unknown> {
    const path = `${plural}/${namespace}/${name}`;
    this.reads.push(path);
    this.#underWay += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#underWay);
    // As it is when the request comes, however late it is answered.
    const object = this.#objects.get(path);
    const { failure } = this;
    await this.gate;
    this.#underWay -= 1;
    signal.throwIfAborted();
    if (failure !== undefined) throw failure;
    if (object === undefined) throw new ApiStatusError(404, 'NotFound', `${path} not found`);
    return { metadata: { resourceVersion: String(object.version) }, data: object.data };
  }

  informer<T>(request: InformerRequest<T>): Informer<T> {
    const namespace = request.namespace ?? '';
    const watch = new FakeWatch(request.metadataOnly === true);
    this.watches.set(namespace, watch);
    return {
      get hasSynced() {
        return watch.hasSynced;
      },
      get failure() {
        return watch.failure;
      },
      synced: () => Promise.resolve(),
      get: () => undefined,
      list: () => [],
      onChange: (listener) => {
        watch.listeners.add((type, key, object) => {
          const slim = request.slim(object);
          if (slim !== undefined) listener([{ type, key, object: slim }]);
        });
        return () => undefined;
      },
      onFailure: (listener) => {
        watch.failureListeners.add(listener);
        return () => undefined;
      },
      close: () => {
        this.watches.delete(namespace);
      },
    };
  }

  #tell(path: string, type: InformerChange<unknown>['type']): void {
    const [plural, namespace = '', name = ''] = path.split('/');
    const watch = this.watches.get(namespace);
    if (plural !== 'secrets' || watch?.isLive !== true) return;
    const metadata = { namespace, name, resourceVersion: String(this.#version) };
    for (const listener of watch.listeners) listener(type, `${namespace}/${name}`, { metadata });
  }
}

export class FakeWatch {
  hasSynced = true;
  failure: InformerFailure | undefined;
  readonly listeners = new Set<
    (type: InformerChange<unknown>['type'], key: string, object: unknown) => void
  >();
  readonly failureListeners = new Set<(failure: InformerFailure | undefined) => void>();

  constructor(readonly isMetadataOnly: boolean) {}

  get isLive(): boolean {
    return this.hasSynced && this.failure === undefined;
  }

  fail(failure: InformerFailure | undefined): void {
    this.failure = failure;
    for (const listener of this.failureListeners) listener(failure);
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
