import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { Meter } from '../../plugin-api/index.js';
import { METER } from '../telemetry/index.js';
import { CollectorSet } from './collector-set.js';

/** How many collectors there are, under the Go allocator's name. */
@Injectable()
export class CollectorMetrics implements OnModuleInit {
  constructor(
    private readonly collectors: CollectorSet,
    @Inject(METER) private readonly meter: Meter,
  ) {}

  onModuleInit(): void {
    this.meter.observableGauge(
      {
        name: 'opentelemetry_allocator_collectors_discovered',
        help: 'Number of collectors discovered.',
      },
      (report) => {
        report(this.collectors.current?.length ?? 0);
      },
    );
  }
}
