import type { AllocationView } from '../../core/allocation/allocation-view.js';
import type { ServedScrapeConfigs } from '../watchers/index.js';

/** What answers to collectors are made from. */
export abstract class ServedState {
  /** The allocation as it is now. */
  abstract readonly view: AllocationView;
  /** The jobs; `undefined` as long as they are not known. */
  abstract readonly scrapeConfigs: ServedScrapeConfigs | undefined;
  /**
   * Why targets cannot be told yet: of the job, or of anything when no job is given. `undefined`: they are known. An
   * empty answer is given only for what is known, because collectors drop everything that an empty answer leaves out.
   */
  abstract whyUnknown(job?: string): string | undefined;
  /** The jobs for which {@link whyUnknown} has a reason; `undefined`: nothing can be told at all. */
  abstract unknownJobs(): ReadonlySet<string> | undefined;
}
