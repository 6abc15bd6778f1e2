import type { Problem } from '../../core/scrape-config/problem.js';
import type { AllocatorConfig } from './allocator-config.js';

/** What came of reading a configuration. */
export type LoadResult = LoadedConfig | RefusedConfig;

export interface LoadedConfig {
  readonly kind: 'loaded';
  readonly config: AllocatorConfig;
  /** Warnings. */
  readonly problems: readonly Problem[];
  /** Every file that was read and every glob that was looked for. */
  readonly paths: readonly string[];
}

export interface RefusedConfig {
  readonly kind: 'refused';
  /** All problems, at least one of them an error. */
  readonly problems: readonly Problem[];
  /** As {@link LoadedConfig.paths}, as far as they could be told. */
  readonly paths: readonly string[];
}
