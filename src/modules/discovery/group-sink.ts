import type { TargetGroup } from '../../core/target/target-group.js';

/** What DiscoveryManager tells: by job, which providers it has; by provider, which groups changed. */
export interface DiscoverySink {
  /**
   * The jobs' providers changed (also called first of all). A provider that no job uses any more is gone with its
   * groups. While the provider of a changed SD config has not answered yet, the former one stays in the list.
   */
  setJobProviders(providers: ReadonlyMap<string, readonly string[]>): void;
  /** Changed groups of a provider; a group without targets is deleted. */
  updateGroups(provider: string, groups: readonly TargetGroup[]): void;
}
