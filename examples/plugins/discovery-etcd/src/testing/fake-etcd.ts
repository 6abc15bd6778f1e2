import type { EtcdClient, EtcdEvent, EtcdSnapshot } from '../etcd-client.js';
import { EtcdError } from '../etcd.errors.js';

/** An etcd in memory, for tests. */
export class FakeEtcd implements EtcdClient {
  readonly keys = new Map<string, string>();
  /** While it is set, everything fails with it. */
  failure: string | undefined;
  /** How often everything was read. */
  ranges = 0;
  readonly #history: EtcdEvent[] = [];
  readonly #watchers = new Set<() => void>();

  put(key: string, value: string): void {
    this.keys.set(key, value);
    this.#happened({ key, value });
  }

  delete(key: string): void {
    this.keys.delete(key);
    this.#happened({ key });
  }

  /** Ends all watches with an error. */
  fail(failure: string): void {
    this.failure = failure;
    for (const wake of this.#watchers) wake();
  }

  range(): Promise<EtcdSnapshot> {
    this.ranges += 1;
    if (this.failure !== undefined) return Promise.reject(new EtcdError(this.failure));
    const keys = [...this.keys].map(([key, value]) => ({ key, value }));
    return Promise.resolve({ revision: BigInt(this.#history.length), keys });
  }

  async *watch(from: bigint, signal: AbortSignal): AsyncGenerator<readonly EtcdEvent[], void> {
    // Revisions count from one.
    let next = Number(from) - 1;
    while (!signal.aborted) {
      if (this.failure !== undefined) throw new EtcdError(this.failure);
      const events = this.#history.slice(next);
      next += events.length;
      if (events.length > 0) yield events;
      else await this.#change(signal);
    }
  }

  #happened(event: EtcdEvent): void {
    this.#history.push(event);
    for (const wake of this.#watchers) wake();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#watchers.add(wake);
      signal.addEventListener('abort', wake);
    });
  }
}
