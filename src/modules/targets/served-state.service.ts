import { Injectable } from '@nestjs/common';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import { AllocationService, ServedState } from '../allocation/index.js';
import { DiscoveryManager } from '../discovery/index.js';
import { ScrapeConfigStore, type ServedScrapeConfigs } from '../watchers/index.js';
import { TargetPipeline } from './target-pipeline.js';

/** Says what may be answered: only what is known, because an empty answer takes targets away from collectors. */
@Injectable()
export class ServedStateService extends ServedState {
  constructor(
    private readonly allocation: AllocationService,
    private readonly store: ScrapeConfigStore,
    private readonly discovery: DiscoveryManager,
    private readonly pipeline: TargetPipeline,
  ) {
    super();
  }

  get view(): AllocationView {
    return this.allocation.view;
  }

  get scrapeConfigs(): ServedScrapeConfigs | undefined {
    return this.store.current;
  }

  whyUnknown(job?: string): string | undefined {
    const configs = this.store.current?.configs;
    if (configs === undefined) return 'the jobs are not known yet';
    if (!this.pipeline.hasCollectors) return 'the collectors are not known yet';
    if (job === undefined || !configs.has(job)) return undefined;
    const isKnown = this.discovery.isAnswered(job) && this.pipeline.isApplied(job);
    return isKnown ? undefined : 'the discovery of this job has not answered yet';
  }
}
