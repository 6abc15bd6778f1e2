import type { ScrapeConfig } from '../core/scrape-config/model.js';
import type { FilterProgram, FilterTarget } from '../core/target/target-filter.js';

export type {
  AllocationStrategy,
  Chooser,
  KeyedPlacement,
  Load,
  PickCollector,
} from '../core/allocation/strategy.js';
export type { FilterProgram, FilterTarget } from '../core/target/target-filter.js';

/** Decides which targets of a job are kept, and which of them are the same. */
export interface TargetFilter {
  /** Called once for each job and configuration. */
  prepare(job: ScrapeConfig): FilterTarget;
  /**
   * Names everything of the job that the filter looks at: with an equal key the answers are equal, so that a change to
   * other parts of the job costs nothing. @default the whole configuration of the job
   */
  key?(job: ScrapeConfig): string;
  /**
   * A faster way, optional: the same filter compiled for one set of label names (sorted). `undefined`: which labels there
   * are afterwards depends on values, so these targets take the way of {@link TargetFilter.prepare}.
   */
  compile?(job: ScrapeConfig, names: readonly string[]): FilterProgram | undefined;
}
