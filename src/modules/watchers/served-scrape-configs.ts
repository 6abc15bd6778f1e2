import type { ScrapeConfig } from '../../core/scrape-config/model.js';

/** The jobs as collectors get them; one object for each version of the configuration. */
export interface ServedScrapeConfigs {
  /** Grows with each change. */
  readonly version: number;
  /** By job name, sorted. */
  readonly configs: ReadonlyMap<string, ScrapeConfig>;
  /** Jobs that are not served because a collector would refuse them, each with the reason. */
  readonly heldBack: ReadonlyMap<string, string>;
}
