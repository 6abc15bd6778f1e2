import type { TargetGroup } from '../../core/target/target-group.js';

/** By job; see {@link DiscoverySink.setJobProviders}. */
export type JobProviderChanges = ReadonlyMap<string, readonly string[] | undefined>;

/** What DiscoveryManager tells: by job, which providers it has; by provider, which groups changed. */
export interface DiscoverySink {
  /**
   * Jobs whose configuration or providers may have changed, with all providers of each; `undefined`: the job is gone. Also
   * called first of all. A provider that no job uses any more is gone with its groups. While the provider of a changed SD
   * config has not answered yet, the former one stays in the list.
   */
  setJobProviders(changes: JobProviderChanges): void;
  /** Changed groups of a provider; a group without targets is deleted. */
  updateGroups(provider: string, groups: readonly TargetGroup[]): void;
}
