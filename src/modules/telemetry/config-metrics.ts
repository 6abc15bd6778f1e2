import { Inject, Injectable } from '@nestjs/common';

import type { Meter } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { METER } from './telemetry.tokens.js';

/** Whether the configuration in force is the one that stands in the file. */
@Injectable()
export class ConfigMetrics {
  constructor(config: ConfigService, @Inject(METER) meter: Meter) {
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_config_last_reload_successful',
        help: 'Whether the last attempt to read the configuration succeeded (1) or the former one stays in force (0).',
      },
      (report) => {
        report(config.lastReload.isSuccessful ? 1 : 0);
      },
    );
    meter.observableGauge(
      {
        name: 'opentelemetry_allocator_config_last_reload_success_timestamp_seconds',
        help: 'When the configuration was last read and accepted, in seconds since the Unix epoch.',
      },
      (report) => {
        report(config.lastReload.lastSuccessEpochMs / 1000);
      },
    );
  }
}
