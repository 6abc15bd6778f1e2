import { Module } from '@nestjs/common';
import { HealthModule } from '../health/index.js';
import { CollectorSet } from './collector-set.js';

/** Which collectors there are. */
@Module({ imports: [HealthModule], providers: [CollectorSet], exports: [CollectorSet] })
export class CollectorsModule {}
