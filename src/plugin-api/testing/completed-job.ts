import type { ScrapeConfigDocument } from '../../core/custom-resource/conversion.js';
import { describeProblem } from '../../core/document/problem.js';
import { decodeScrapeConfig, defaultGlobalConfig } from '../../core/scrape-config/index.js';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';

/**
 * A job completed with the defaults, as the host does it; `config` is absent when the host would refuse it. Mechanisms of
 * service discovery that are not built in are taken as they are.
 */
export function completedJob(document: ScrapeConfigDocument): {
  readonly config: ScrapeConfig | undefined;
  readonly problems: readonly string[];
} {
  const { config, problems } = decodeScrapeConfig(document, defaultGlobalConfig, {
    mechanisms: new Map(),
    unknownMechanisms: 'keep',
    origin: `job ${document.job_name}`,
  });
  return { config, problems: problems.map(describeProblem) };
}
