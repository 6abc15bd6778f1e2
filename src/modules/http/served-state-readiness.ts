import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { ReadinessRegistry, type ReadinessSource, type SourceStatus } from '../health/index.js';
import { Answers } from './answers.js';

/** Reports to readiness whether collectors would get answers at all. */
@Injectable()
export class ServedStateReadiness implements OnModuleInit, OnModuleDestroy {
  #unregister: (() => void) | undefined;

  constructor(
    private readonly answers: Answers,
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
    const { scrapeConfigs } = this.answers.state;
    if (scrapeConfigs === undefined) return this.#awaited('not known yet');
    return { answered: true, detail: `${String(scrapeConfigs.configs.size)} jobs` };
  }

  #targets(): SourceStatus {
    const reason = this.answers.state.whyUnknown();
    if (reason !== undefined) return this.#awaited(reason);
    return {
      answered: true,
      detail: this.#detail(`generation ${String(this.answers.state.view.generation)}`),
    };
  }

  #awaited(reason: string): SourceStatus {
    return { answered: false, detail: this.#detail(reason) };
  }

  #detail(text: string): string {
    const { staleAsOf } = this.answers;
    if (staleAsOf === undefined) return text;
    return `${text}; answers of what is not known yet are those of ${staleAsOf}`;
  }
}
