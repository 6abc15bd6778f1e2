import type { StoredGroup } from './stored-group.js';

/** The groups of one provider. */
interface ProviderGroups {
  readonly bySource: Map<string, StoredGroup>;
  rows: number;
}

/** The present groups of all providers; values are held here once, however many jobs use the provider. */
export class GroupStore {
  readonly #providers = new Map<string, ProviderGroups>();

  get(provider: string, source: string): StoredGroup | undefined {
    return this.#providers.get(provider)?.bySource.get(source);
  }

  /** All groups of a provider. */
  groups(provider: string): Iterable<StoredGroup> {
    return this.#providers.get(provider)?.bySource.values() ?? [];
  }

  /** How many targets a provider has discovered. */
  rows(provider: string): number {
    return this.#providers.get(provider)?.rows ?? 0;
  }

  put(group: StoredGroup): void {
    let provider = this.#providers.get(group.provider);
    if (provider === undefined) {
      provider = { bySource: new Map(), rows: 0 };
      this.#providers.set(group.provider, provider);
    }
    provider.rows += group.rows - (provider.bySource.get(group.source)?.rows ?? 0);
    provider.bySource.set(group.source, group);
  }

  remove(provider: string, source: string): void {
    const groups = this.#providers.get(provider);
    const group = groups?.bySource.get(source);
    if (groups === undefined || group === undefined) return;
    groups.rows -= group.rows;
    groups.bySource.delete(source);
    if (groups.bySource.size === 0) this.#providers.delete(provider);
  }

  removeProvider(provider: string): void {
    this.#providers.delete(provider);
  }
}
