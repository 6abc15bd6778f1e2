import { Injectable } from '@nestjs/common';
import { ConfigService } from '../../config/index.js';
import { ResourceStatuses } from '../../custom-resources/index.js';
import { ReadinessService } from '../../health/index.js';
import { matchingResources } from '../api/resource-list.js';
import { Answers } from '../answers.js';
import { NotKnownYetError } from '../http.errors.js';
import { collectorPage } from './collector.page.js';
import type { Html } from './html.js';
import { jobPage, jobsPage, type JobsOverview } from './jobs.page.js';
import { overviewPage } from './overview.page.js';
import type { Listing } from './paging.js';
import { resourcesPage, type ResourcesListing } from './resources.page.js';
import { scrapeConfigsPage } from './scrape-configs.page.js';
import { targetPage } from './target.page.js';
import { targetsPage, type TargetsListing } from './targets.page.js';

const noJobs: ReadonlyMap<string, string> = new Map();

/** The pages, each from one state of the allocation. `undefined`: there is no such thing to show. */
@Injectable()
export class Pages {
  constructor(
    private readonly answers: Answers,
    private readonly readiness: ReadinessService,
    private readonly config: ConfigService,
    private readonly resourceStatuses: ResourceStatuses,
  ) {}

  overview(listing: Listing): Html {
    const { view, scrapeConfigs } = this.answers.state;
    const { allocationStrategy, allocationFallbackStrategy } = this.config.current;
    const fallback =
      allocationFallbackStrategy === undefined ? '' : `, then ${allocationFallbackStrategy}`;
    return overviewPage(
      {
        view,
        scrapeConfigs,
        resources: this.resourceStatuses.list(),
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
    const source = this.resourceStatuses.list().find(({ jobs }) => jobs.includes(job));
    return jobPage({ ...this.#jobsOverview(), source: source?.resource }, job, listing);
  }

  targets(listing: TargetsListing): Html {
    return targetsPage(this.answers.state.view, listing, this.#notice());
  }

  target(hash: string): Html | undefined {
    for (const target of this.answers.state.view.targets({ hash })) return targetPage(target);
    return undefined;
  }

  collector(name: string, listing: Listing): Html | undefined {
    const { view } = this.answers.state;
    const collector = view.collectors.find((candidate) => candidate.name === name);
    return collector && collectorPage(view, collector, listing);
  }

  /** @throws NotKnownYetError */
  scrapeConfigs(listing: Listing): Html {
    const { scrapeConfigs } = this.answers.state;
    if (scrapeConfigs === undefined) {
      throw new NotKnownYetError(
        this.answers.state.whyUnknown() ?? 'the scrape configs are being read',
      );
    }
    return scrapeConfigsPage(scrapeConfigs, listing);
  }

  resources(listing: ResourcesListing): Html {
    return resourcesPage(
      {
        kinds: this.resourceStatuses.kinds(),
        resources: matchingResources(this.resourceStatuses, listing),
        notice: this.#notice(),
      },
      listing,
    );
  }

  #jobsOverview(): JobsOverview {
    const { view, scrapeConfigs } = this.answers.state;
    return { view, heldBack: scrapeConfigs?.heldBack ?? noJobs, notice: this.#notice() };
  }

  #notice(): string | undefined {
    const reason = this.answers.state.whyUnknown();
    const { staleAsOf } = this.answers;
    const parts = [
      ...(reason === undefined ? [] : [`Not known yet: ${reason}`]),
      ...(staleAsOf === undefined
        ? []
        : [`Collectors get the answers of ${staleAsOf} for what is not known yet`]),
    ];
    return parts.length === 0 ? undefined : parts.join('. ');
  }
}
