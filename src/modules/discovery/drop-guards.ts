import { durationMs, type Clock, type Logger, type TargetGroup } from '../../plugin-api/index.js';
import type { DiscoveryMetrics } from './discovery-metrics.js';
import { DropGuard } from './drop-guard.js';
import type { Provider } from './provider.js';

/** A drop waits this long where nothing is asked from time to time, in milliseconds. */
const WITHOUT_INTERVAL_MS = 30_000;
/** The next answer comes after one interval. It may fail, or take long, and so may the one after it. */
const INTERVALS = 2.5;

export interface DropGuardsOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DiscoveryMetrics;
  readonly jobsOf: (provider: Provider) => readonly string[];
  readonly pass: (provider: Provider, groups: readonly TargetGroup[]) => void;
}

/** A guard for each provider; see {@link DropGuard}. */
export class DropGuards {
  /** A drop by more than this part of a provider's targets waits. */
  maxRatio = 1;
  readonly #guards = new WeakMap<Provider, DropGuard>();

  constructor(private readonly options: DropGuardsOptions) {}

  /** Takes what a provider tells, once the provider itself knows of it. */
  take(provider: Provider, groups: readonly TargetGroup[]): void {
    const guard = this.#guards.get(provider) ?? this.#newGuard(provider);
    guard.take(groups, provider.targets);
  }

  /** The provider has told the same once more. */
  confirm(provider: Provider): void {
    this.#guards.get(provider)?.confirm();
  }

  stop(provider: Provider): void {
    this.#guards.get(provider)?.stop();
  }

  #newGuard(provider: Provider): DropGuard {
    const { clock, jobsOf, logger, metrics, pass } = this.options;
    const { mechanism, config } = provider.sd;
    metrics.knows(mechanism);
    const guard = new DropGuard({
      clock,
      maxRatio: () => this.maxRatio,
      waitMs: waitMsOf(config),
      pass: (groups) => {
        pass(provider, groups);
      },
      onDrop: (drop) => {
        metrics.dropped(mechanism);
        logger.warn('many targets are gone at once', {
          mechanism,
          jobs: jobsOf(provider),
          ...drop,
        });
      },
      onWaited: (outcome) => {
        logger.info(`the drop of targets is ${outcome}`, { mechanism, jobs: jobsOf(provider) });
      },
    });
    this.#guards.set(provider, guard);
    return guard;
  }
}

/** How long a drop waits at most for its source to tell again what is there. */
function waitMsOf(config: unknown): number {
  if (typeof config !== 'object' || config === null) return WITHOUT_INTERVAL_MS;
  const interval: unknown = Reflect.get(config, 'refresh_interval');
  if (typeof interval !== 'string') return WITHOUT_INTERVAL_MS;
  try {
    return INTERVALS * durationMs(interval);
  } catch {
    // A mechanism of somebody else's may mean something else by that name.
    return WITHOUT_INTERVAL_MS;
  }
}
