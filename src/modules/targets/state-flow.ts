import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { ScrapeConfig } from '../../plugin-api/index.js';
import { CollectorSet } from '../collectors/index.js';
import { DiscoveryManager } from '../discovery/index.js';
import type { NetworkPolicy } from '../http-client/index.js';
import { ScrapeConfigStore } from '../watchers/index.js';
import { TargetPipeline } from './target-pipeline.js';

/** Joins the stages once all of them stand: jobs to discovery, groups and collectors to the pipeline. */
@Injectable()
export class StateFlow implements OnApplicationBootstrap, OnModuleDestroy {
  #unsubscribe: readonly (() => void)[] = [];

  constructor(
    private readonly scrapeConfigs: ScrapeConfigStore,
    private readonly discovery: DiscoveryManager,
    private readonly collectors: CollectorSet,
    private readonly pipeline: TargetPipeline,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.discovery.connect(this.pipeline);
    this.#unsubscribe = [
      this.scrapeConfigs.onChange(({ configs }, changed) => {
        const networkOf = (config: ScrapeConfig): NetworkPolicy | undefined =>
          this.scrapeConfigs.networkPolicyOf(config);
        this.discovery.apply(configs, { changed, networkOf });
      }),
      this.collectors.onChange((collectors) => {
        this.pipeline.setCollectors(collectors);
      }),
    ];
    await this.collectors.start();
  }

  onModuleDestroy(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }
}
