import { Injectable } from '@nestjs/common';
import type { AllocationView } from '../../core/allocation/allocation-view.js';
import { AllocationService, ServedState } from '../allocation/index.js';
import { DiscoveryManager } from '../discovery/index.js';
import { ScrapeConfigStore, type ServedScrapeConfigs } from '../watchers/index.js';
import { KnownState } from './known-state.js';
import { TargetPipeline } from './target-pipeline.js';

/** Says what may be answered: only what is known, because an empty answer takes targets away from collectors. */
@Injectable()
export class ServedStateService extends ServedState {
  readonly #known: KnownState;

  constructor(
    private readonly allocation: AllocationService,
    private readonly store: ScrapeConfigStore,
    discovery: DiscoveryManager,
    pipeline: TargetPipeline,
  ) {
    super();
    this.#known = new KnownState({
      jobs: () => store.current?.configs,
      hasCollectors: () => pipeline.hasCollectors,
      isAnswered: (job) => discovery.isAnswered(job),
      isApplied: (job) => pipeline.isApplied(job),
      isStartUpOver: () => store.isStartUpOver,
    });
  }

  get view(): AllocationView {
    return this.allocation.view;
  }

  get scrapeConfigs(): ServedScrapeConfigs | undefined {
    return this.store.current;
  }

  whyUnknown(job?: string): string | undefined {
    return this.#known.whyUnknown(job);
  }

  unknownJobs(): ReadonlySet<string> | undefined {
    return this.#known.unknownJobs();
  }
}
