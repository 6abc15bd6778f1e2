import type { ScrapeConfig } from '../../core/scrape-config/model.js';

export type Secrets = 'mask' | 'reveal';

/** Renders one job as the JSON object that collectors read; stable bytes for equal configs. */
export type ScrapeConfigRenderer = (
  config: ScrapeConfig,
  options: { readonly secrets: Secrets },
) => string;

/** The {@link ScrapeConfigRenderer}. */
export const SCRAPE_CONFIG_RENDERER = Symbol('ScrapeConfigRenderer');
/** The version of this program, a string. */
export const APP_VERSION = Symbol('AppVersion');
