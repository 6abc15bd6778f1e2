import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { portableIdentityVersion } from '../../core/allocation/portable-identity.js';
import {
  type AllocationStrategy,
  type Clock,
  isStateful,
  type Logger,
} from '../../plugin-api/index.js';
import { ALLOCATION_STRATEGY, AllocationService, ServedState } from '../allocation/index.js';
import { ConfigService } from '../config/index.js';
import { TargetPipeline } from '../targets/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { KeptStateMetrics } from './kept-state-metrics.js';
import { RememberedState } from './remembered-state.js';
import { StateDirectory } from './state-directory.js';
import { StateKeeper } from './state-keeper.js';

/** What is kept, and how it is known. */
@Injectable()
export class KeptState {
  constructor(
    readonly state: ServedState,
    readonly allocation: AllocationService,
    readonly pipeline: TargetPipeline,
    readonly remembered: RememberedState,
  ) {}
}

/** What keeping it takes. */
@Injectable()
export class KeepingTools {
  constructor(
    readonly config: ConfigService,
    readonly metrics: KeptStateMetrics,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(LOGGER) readonly logger: Logger,
  ) {}
}

/** Begins with what an earlier life has left, and keeps it for the next one. Does nothing without a directory for it. */
@Injectable()
export class WarmStartService implements OnModuleInit, OnModuleDestroy {
  #keeper: StateKeeper | undefined;

  constructor(
    private readonly kept: KeptState,
    private readonly tools: KeepingTools,
    @Inject(ALLOCATION_STRATEGY) private readonly strategy: AllocationStrategy,
  ) {}

  /** Before the first targets come, so that they find their former collectors. */
  async onModuleInit(): Promise<void> {
    const { stateDir } = this.tools.config.current;
    if (stateDir === undefined) return;
    const { remembered, pipeline } = this.kept;
    const keeper = this.#keeperOf(stateDir);
    this.#keeper = keeper;
    this.tools.metrics.observe(keeper);
    await keeper.read();
    if (isStateful(this.strategy)) {
      await pipeline.inTurn((allocation) => allocation.remember(remembered));
    }
    keeper.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.#keeper?.stop();
  }

  #keeperOf(stateDir: string): StateKeeper {
    const { state, allocation, pipeline, remembered } = this.kept;
    const { config, metrics, clock, logger } = this.tools;
    const { collectorNamespace, allocationStrategy, allocationFallbackStrategy } = config.current;
    const decidedBy = [allocationStrategy, allocationFallbackStrategy, portableIdentityVersion];
    return new StateKeeper({
      ...{ state, allocation, pipeline, remembered, metrics, clock },
      directory: new StateDirectory(stateDir),
      namespace: collectorNamespace,
      strategy: decidedBy.join(' '),
      withOwners: isStateful(this.strategy),
      logger: logger.child('warm-start'),
    });
  }
}
