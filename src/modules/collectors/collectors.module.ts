import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { CollectorMetrics } from './collector-metrics.js';
import { CollectorSet } from './collector-set.js';

/** Which collectors there are. */
@Module({
  imports: [HealthModule],
  providers: [CollectorSet, CollectorMetrics],
  exports: [CollectorSet],
})
export class CollectorsModule {}
