import { deletionOf, type Logger, type TargetGroup } from 'target-allocator/plugin-api';
import type { EtcdEvent, KeyValue } from './etcd-client.js';
import { readKeyGroups } from './key-groups.js';

/** The target groups of every key. A key whose value cannot be read keeps what it had. */
export class KeySpace {
  #groups = new Map<string, readonly TargetGroup[]>();
  /** The values that cannot be read, so that each is told of once. */
  readonly #bad = new Map<string, string>();

  constructor(private readonly logger: Logger) {}

  /** Takes all there is. @returns All groups. */
  replace(keys: readonly KeyValue[]): readonly TargetGroup[] {
    const groups = new Map(keys.map(({ key, value }) => [key, this.#read(key, value)]));
    for (const key of this.#bad.keys()) {
      if (!groups.has(key)) this.#bad.delete(key);
    }
    this.#groups = groups;
    return [...groups.values()].flat();
  }

  /** Takes what happened. @returns The groups of these keys as they are now; those that are gone without targets. */
  apply(events: readonly EtcdEvent[]): readonly TargetGroup[] {
    return events.flatMap(({ key, value }) => {
      const former = this.#groups.get(key) ?? [];
      const groups = value === undefined ? [] : this.#read(key, value);
      if (value === undefined) this.#forget(key);
      else this.#groups.set(key, groups);
      const kept = new Set(groups.map(({ source }) => source));
      const gone = former.filter(({ source }) => !kept.has(source));
      return [...groups, ...gone.map(({ source }) => deletionOf(source))];
    });
  }

  #forget(key: string): void {
    this.#groups.delete(key);
    this.#bad.delete(key);
  }

  #read(key: string, value: string): readonly TargetGroup[] {
    const read = readKeyGroups(key, value);
    if (read.ok) {
      this.#bad.delete(key);
      return read.groups;
    }
    if (this.#bad.get(key) !== value) {
      const { problem } = read;
      this.logger.warn('a key has no target groups, what it had before stays', { key, problem });
      this.#bad.set(key, value);
    }
    return this.#groups.get(key) ?? [];
  }
}
