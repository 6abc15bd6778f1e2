import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Logger } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { ReadinessRegistry, type ReadinessSource } from './readiness.js';

/** `awaited`: has never answered; `stale`: has answered once, but is not current any more. */
export type SourceState = 'ok' | 'awaited' | 'stale';

export interface SourceReadiness {
  readonly name: string;
  readonly state: SourceState;
  readonly detail: string;
}

export interface Readiness {
  readonly ready: boolean;
  /** Why it is not ready; `undefined` when it is. */
  readonly reason: string | undefined;
  /** Sorted by name. */
  readonly sources: readonly SourceReadiness[];
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
  readonly #answeredOnce = new Set<string>();
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

  check(): Readiness {
    const sources = this.registry.sources();
    const states = sources.map((source) => this.#stateOf(source));
    this.#latch(sources, states);
    const reason = this.#whyNotReady(states);
    return {
      ready: reason === undefined,
      reason,
      sources: states.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    };
  }

  #stateOf(source: ReadinessSource): SourceReadiness {
    const { answered, detail } = source.status();
    if (answered) this.#answeredOnce.add(source.name);
    return { name: source.name, state: this.#state(source.name, answered), detail };
  }

  #state(name: string, answered: boolean): SourceState {
    if (answered) return 'ok';
    return this.#answeredOnce.has(name) ? 'stale' : 'awaited';
  }

  #latch(sources: readonly ReadinessSource[], states: readonly SourceReadiness[]): void {
    if (this.#wasReady || this.#shuttingDown) return;
    const missing = states.filter((source) => source.state !== 'ok');
    const names = missing.map((source) => source.name);
    const isBoundOver = this.uptimeMs() >= this.config.current.startupTimeoutMs;
    const isRequiredMissing = sources.some((s) => s.required === true && names.includes(s.name));
    if (isRequiredMissing || (missing.length > 0 && !isBoundOver)) return;
    this.#wasReady = true;
    if (missing.length === 0) this.#logger.info('ready', { uptimeMs: this.uptimeMs() });
    else this.#logger.warn('ready without some sources, the start-up bound is over', { names });
  }

  #whyNotReady(states: readonly SourceReadiness[]): string | undefined {
    if (this.#shuttingDown) return 'shutting down';
    if (this.#wasReady) return undefined;
    const missing = states.filter((source) => source.state !== 'ok');
    return `waiting for ${missing.map(({ name, detail }) => `${name} (${detail})`).join(', ')}`;
  }
}
