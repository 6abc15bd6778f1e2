import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Clock } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK } from '../telemetry/index.js';
import { AccessReports } from './access-reports.js';
import { AccessReviewer } from './access-reviewer.js';

/** Between reviews while rights are missing, so that it is told when they come. */
const missingMs = 60_000;
/** Between attempts to ask. */
const unknownMs = 30_000;

/** Reviews the rights that the configuration needs, at start and whenever it changes. Nobody waits for it. */
@Injectable()
export class AccessReviewService implements OnApplicationBootstrap, OnModuleDestroy {
  #stop = new AbortController();
  #unsubscribe: () => void = () => undefined;

  constructor(
    private readonly config: ConfigService,
    private readonly reviewer: AccessReviewer,
    private readonly reports: AccessReports,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.#unsubscribe = this.config.onChange(() => {
      this.#stop.abort();
      this.#stop = new AbortController();
      this.#begin();
    });
    this.#begin();
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    this.#stop.abort();
  }

  #begin(): void {
    const { signal } = this.#stop;
    this.#follow(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const review = await this.reviewer.review(this.config.current, signal);
      this.reports.take(review);
      if (review === undefined || review.state === 'refused') return;
      if (review.state === 'reviewed' && review.missing.length === 0) return;
      await this.clock.sleep(review.state === 'unknown' ? unknownMs : missingMs, signal);
    }
  }
}
