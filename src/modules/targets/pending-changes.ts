import type { Collector } from '../../core/allocation/collector.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import type { JobProviderChanges } from '../discovery/index.js';

/** The changed groups of one provider. */
export interface ProviderChange {
  readonly provider: string;
  readonly groups: readonly TargetGroup[];
}

/** Everything that has changed since the last batch, the latest state of each thing only. */
export interface Batch {
  /** The present collectors, when they changed. */
  readonly collectors: readonly Collector[] | undefined;
  /** The changed jobs, when jobs or providers changed. */
  readonly jobProviders: JobProviderChanges | undefined;
  readonly providers: readonly ProviderChange[];
}

/** Gathers changes between batches. A later state of a group, of a job or of the collectors replaces an earlier one. */
export class PendingChanges {
  #collectors: readonly Collector[] | undefined;
  #jobProviders: Map<string, readonly string[] | undefined> | undefined;
  #providers = new Map<string, Map<string, TargetGroup>>();

  get isEmpty(): boolean {
    return (
      this.#collectors === undefined &&
      this.#jobProviders === undefined &&
      this.#providers.size === 0
    );
  }

  setCollectors(collectors: readonly Collector[]): void {
    this.#collectors = collectors;
  }

  /** No jobs at all is a change too: it says that they are known. */
  setJobProviders(changes: JobProviderChanges): void {
    this.#jobProviders = new Map([...(this.#jobProviders ?? []), ...changes]);
  }

  /** No groups at all is a change too: it says that the provider has answered. */
  updateGroups(provider: string, groups: readonly TargetGroup[]): void {
    let bySource = this.#providers.get(provider);
    if (bySource === undefined) {
      bySource = new Map();
      this.#providers.set(provider, bySource);
    }
    for (const group of groups) bySource.set(group.source, group);
  }

  /** Hands over everything gathered so far, and starts anew. */
  take(): Batch {
    const batch: Batch = {
      collectors: this.#collectors,
      jobProviders: this.#jobProviders,
      providers: [...this.#providers].map(([provider, bySource]) => ({
        provider,
        groups: [...bySource.values()],
      })),
    };
    this.#collectors = undefined;
    this.#jobProviders = undefined;
    this.#providers = new Map();
    return batch;
  }
}
