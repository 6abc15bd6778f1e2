import { Module } from '@nestjs/common';
import { allocationEngineProvider } from './allocation-engine.provider.js';
import { ALLOCATION_STRATEGY, allocationStrategyProvider } from './allocation-strategy.provider.js';
import { AllocationMetrics } from './allocation-metrics.js';
import { AllocationService } from './allocation.service.js';
import { targetFilterProvider } from './target-filter.provider.js';

/** Which target belongs to which collector. The only module that knows the engine. */
@Module({
  providers: [
    allocationStrategyProvider,
    allocationEngineProvider,
    targetFilterProvider,
    AllocationMetrics,
    AllocationService,
  ],
  exports: [ALLOCATION_STRATEGY, AllocationService],
})
export class AllocationModule {}
