import { Module } from '@nestjs/common';
import { allocationEngineProvider } from './allocation-engine.provider.js';
import { AllocationMetrics } from './allocation-metrics.js';
import { AllocationService } from './allocation.service.js';
import { targetFilterProvider } from './target-filter.provider.js';

/** Which target belongs to which collector. The only module that knows the engine. */
@Module({
  providers: [allocationEngineProvider, targetFilterProvider, AllocationMetrics, AllocationService],
  exports: [AllocationService],
})
export class AllocationModule {}
