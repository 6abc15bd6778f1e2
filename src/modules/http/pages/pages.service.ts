import { Injectable } from '@nestjs/common';
import { ServedState } from '../../allocation/index.js';
import { ConfigService } from '../../config/index.js';
import { ReadinessService } from '../../health/index.js';
import { NotKnownYetError } from '../http.errors.js';
import { collectorPage } from './collector.page.js';
import type { Html } from './html.js';
import { jobPage, jobsPage, type JobsOverview } from './jobs.page.js';
import { overviewPage } from './overview.page.js';
import type { Listing } from './paging.js';
import { scrapeConfigsPage } from './scrape-configs.page.js';
import { targetPage } from './target.page.js';
import { targetsPage, type TargetsListing } from './targets.page.js';

const noJobs: ReadonlyMap<string, string> = new Map();

/** The pages, each from one state of the allocation. `undefined`: there is no such thing to show. */
@Injectable()
export class Pages {
  constructor(
    private readonly state: ServedState,
    private readonly readiness: ReadinessService,
    private readonly config: ConfigService,
  ) {}

  overview(listing: Listing): Html {
    const { view, scrapeConfigs } = this.state;
    const { allocationStrategy, allocationFallbackStrategy } = this.config.current;
    const fallback =
      allocationFallbackStrategy === undefined ? '' : `, then ${allocationFallbackStrategy}`;
    return overviewPage(
      {
        view,
        scrapeConfigs,
        readiness: this.readiness.check(),
        strategy: `${allocationStrategy}${fallback}`,
        notice: this.#notice(),
      },
      listing,
    );
  }

  jobs(listing: Listing): Html {
    return jobsPage(this.#jobsOverview(), listing);
  }

  job(job: string, listing: Listing): Html {
    return jobPage(this.#jobsOverview(), job, listing);
  }

  targets(listing: TargetsListing): Html {
    return targetsPage(this.state.view, listing, this.#notice());
  }

  target(hash: string): Html | undefined {
    for (const target of this.state.view.targets({ hash })) return targetPage(target);
    return undefined;
  }

  collector(name: string, listing: Listing): Html | undefined {
    const { view } = this.state;
    const collector = view.collectors.find((candidate) => candidate.name === name);
    return collector && collectorPage(view, collector, listing);
  }

  /** @throws NotKnownYetError */
  scrapeConfigs(listing: Listing): Html {
    const { scrapeConfigs } = this.state;
    if (scrapeConfigs === undefined) {
      throw new NotKnownYetError(this.state.whyUnknown() ?? 'the scrape configs are being read');
    }
    return scrapeConfigsPage(scrapeConfigs, listing);
  }

  #jobsOverview(): JobsOverview {
    const { view, scrapeConfigs } = this.state;
    return { view, heldBack: scrapeConfigs?.heldBack ?? noJobs, notice: this.#notice() };
  }

  #notice(): string | undefined {
    const reason = this.state.whyUnknown();
    return reason === undefined ? undefined : `Not known yet: ${reason}`;
  }
}
