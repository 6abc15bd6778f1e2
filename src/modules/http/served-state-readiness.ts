import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ServedState } from '../allocation/index.js';
import { ReadinessRegistry, type ReadinessSource, type SourceStatus } from '../health/index.js';

/** Reports to readiness whether collectors would get answers at all. */
@Injectable()
export class ServedStateReadiness implements OnModuleInit, OnModuleDestroy {
  #unregister: (() => void) | undefined;

  constructor(
    private readonly state: ServedState,
    private readonly registry: ReadinessRegistry,
  ) {}

  onModuleInit(): void {
    const sources: readonly ReadinessSource[] = [
      { name: 'served/scrape-configs', required: true, status: () => this.#scrapeConfigs() },
      { name: 'served/targets', required: true, status: () => this.#targets() },
    ];
    this.#unregister = this.registry.register(() => sources);
  }

  onModuleDestroy(): void {
    this.#unregister?.();
  }

  #scrapeConfigs(): SourceStatus {
    const { scrapeConfigs } = this.state;
    if (scrapeConfigs === undefined) return { answered: false, detail: 'not known yet' };
    return { answered: true, detail: `${String(scrapeConfigs.configs.size)} jobs` };
  }

  #targets(): SourceStatus {
    const reason = this.state.whyUnknown();
    if (reason !== undefined) return { answered: false, detail: reason };
    return { answered: true, detail: `generation ${String(this.state.view.generation)}` };
  }
}
