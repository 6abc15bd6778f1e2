/** A key and what it has. */
export interface KeyValue {
  readonly key: string;
  readonly value: string;
}

/** All keys of a prefix at one moment. */
export interface EtcdSnapshot {
  readonly revision: bigint;
  readonly keys: readonly KeyValue[];
}

/** A key that was written, or deleted (then `value` is absent). */
export interface EtcdEvent {
  readonly key: string;
  readonly value?: string;
}

/** What the discovery needs of an etcd. Everything rejects with an `EtcdError`, and when the signal aborts. */
export interface EtcdClient {
  range(signal: AbortSignal): Promise<EtcdSnapshot>;
  /** What happens from a revision on; it ends only when the signal aborts or something fails. */
  watch(fromRevision: bigint, signal: AbortSignal): AsyncIterable<readonly EtcdEvent[]>;
}
