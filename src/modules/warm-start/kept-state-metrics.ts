import { Inject, Injectable } from '@nestjs/common';
import type { Counter, Meter } from '../../plugin-api/index.js';
import { METER } from '../telemetry/index.js';

const prefix = 'opentelemetry_allocator_';

/** What is told of the state directory where there is one. */
export interface ObservedState {
  readonly isUsable: boolean;
  /** Jobs that are answered from what is remembered. */
  readonly rememberedJobs: number;
}

@Injectable()
export class KeptStateMetrics {
  readonly #meter: Meter;
  #writtenBytes: Counter | undefined;

  constructor(@Inject(METER) meter: Meter) {
    this.#meter = meter;
  }

  observe(state: ObservedState): void {
    this.#writtenBytes = this.#meter.counter({
      name: `${prefix}state_written_bytes_total`,
      help: 'Number of bytes that were written into the state directory.',
    });
    this.#meter.observableGauge(
      {
        name: `${prefix}state_directory_usable`,
        help: 'Whether the state directory can be written to: 1 or 0.',
      },
      (report) => {
        report(state.isUsable ? 1 : 0);
      },
    );
    this.#meter.observableGauge(
      {
        name: `${prefix}remembered_jobs`,
        help: 'Number of jobs of which only the state before the last start is known.',
      },
      (report) => {
        report(state.rememberedJobs);
      },
    );
  }

  written(bytes: number): void {
    this.#writtenBytes?.add(bytes);
  }
}
