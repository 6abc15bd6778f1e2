import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Logger } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { ReadinessRegistry } from './readiness.js';

/** `awaited`: has never answered; `stale`: has answered once, but is not current any more. */
export type SourceState = 'ok' | 'awaited' | 'stale';

export interface SourceReadiness {
  readonly name: string;
  readonly state: SourceState;
  readonly detail: string;
}

export interface Verdict {
  readonly ready: boolean;
  /** Why it is not ready; `undefined` when it is. */
  readonly reason: string | undefined;
}

export interface Readiness extends Verdict {
  /** Sorted by name. */
  readonly sources: readonly SourceReadiness[];
}

/** A source that has not answered. */
interface Missing {
  readonly name: string;
  readonly required: boolean;
  readonly detail: string;
}

/**
 * Decides whether collectors can rely on what is served. Ready means: every source has answered once, or the start-up
 * bound has passed and all required ones have. That holds for good (an allocator that lost its API server still serves
 * its last good state, better than none), until the shutdown begins.
 */
@Injectable()
export class ReadinessService {
  readonly #startedMs: number;
  readonly #logger: Logger;
  /** Of the sources that are there. */
  #answeredOnce: ReadonlySet<string> = new Set();
  #wasReady = false;
  #shuttingDown = false;

  constructor(
    private readonly registry: ReadinessRegistry,
    private readonly config: ConfigService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#startedMs = clock.monotonicMs();
    this.#logger = logger.child('health');
  }

  /** Milliseconds since the process' modules were made. */
  uptimeMs(): number {
    return this.clock.monotonicMs() - this.#startedMs;
  }

  /** Not ready from now on, so that no new collector connects; what connects still gets answers. */
  beginShutdown(): void {
    this.#shuttingDown = true;
  }

  /** The verdict alone: probes come often, and there may be a source for each of thousands of jobs. */
  verdict(): Verdict {
    return this.#judge(() => undefined);
  }

  check(): Readiness {
    const sources: SourceReadiness[] = [];
    const verdict = this.#judge((source) => sources.push(source));
    return { ...verdict, sources: sources.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  }

  /** @param tell Gets each source, in no order. */
  #judge(tell: (source: SourceReadiness) => void): Verdict {
    const missing: Missing[] = [];
    const answeredOnce = new Set<string>();
    for (const source of this.registry.sources()) {
      const { name, required = false } = source;
      const { answered, isStale = false, detail } = source.status();
      const hasAnsweredOnce = answered || this.#answeredOnce.has(name);
      if (hasAnsweredOnce) answeredOnce.add(name);
      if (!answered) missing.push({ name, required, detail });
      if (answered && !isStale) tell({ name, state: 'ok', detail });
      else tell({ name, state: hasAnsweredOnce ? 'stale' : 'awaited', detail });
    }
    // Sources come and go with the jobs of the configuration; a later one of the same name is another.
    this.#answeredOnce = answeredOnce;
    this.#latch(missing);
    const reason = this.#whyNotReady(missing);
    return { ready: reason === undefined, reason };
  }

  #latch(missing: readonly Missing[]): void {
    if (this.#wasReady || this.#shuttingDown) return;
    const isBoundOver = this.uptimeMs() >= this.config.current.startupTimeoutMs;
    const isRequiredMissing = missing.some(({ required }) => required);
    if (isRequiredMissing || (missing.length > 0 && !isBoundOver)) return;
    this.#wasReady = true;
    if (missing.length === 0) this.#logger.info('ready', { uptimeMs: this.uptimeMs() });
    else {
      const names = missing.map(({ name }) => name);
      this.#logger.warn('ready without some sources, the start-up bound is over', { names });
    }
  }

  #whyNotReady(missing: readonly Missing[]): string | undefined {
    if (this.#shuttingDown) return 'shutting down';
    if (this.#wasReady) return undefined;
    return `waiting for ${missing.map(({ name, detail }) => `${name} (${detail})`).join(', ')}`;
  }
}
