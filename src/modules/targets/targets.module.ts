import { Module } from '@nestjs/common';
import { AllocationModule, ServedState } from '../allocation/index.js';
import { CollectorsModule } from '../collectors/index.js';
import { DiscoveryModule } from '../discovery/index.js';
import { WatchersModule } from '../watchers/index.js';
import { ServedStateService } from './served-state.service.js';
import { StateFlow } from './state-flow.js';
import { TargetPipeline } from './target-pipeline.js';

/** From changed groups, jobs and collectors to what is served. */
@Module({
  imports: [AllocationModule, CollectorsModule, DiscoveryModule, WatchersModule],
  providers: [TargetPipeline, StateFlow, { provide: ServedState, useClass: ServedStateService }],
  exports: [ServedState, TargetPipeline],
})
export class TargetsModule {}
