import type { Logger, Meter } from './plugin-api/index.js';

/** Errors that nobody caught, as the process reports them. */
export interface FaultEvents {
  readonly onUnhandledRejection: (action: (reason: unknown) => void) => void;
  readonly onUncaughtException: (action: (error: unknown) => void) => void;
}

/**
 * Says and counts what nobody caught. A forgotten promise must not take the service down with it; after an exception the
 * state of the program is unknown, so it ends and is started anew.
 */
export class ProcessFaults {
  #rejections = 0;

  constructor(events: FaultEvents, logger: Logger, exit: (code: number) => void) {
    events.onUnhandledRejection((reason) => {
      this.#rejections += 1;
      logger.error('a promise was rejected and nobody noticed; please report this', {
        error: reason,
      });
    });
    events.onUncaughtException((error) => {
      logger.error('an exception was not caught, exiting; please report this', { error });
      exit(1);
    });
  }

  meter(meter: Meter): void {
    meter.observableCounter(
      {
        name: 'opentelemetry_allocator_unhandled_rejections_total',
        help: 'Rejected promises that nothing handled: faults of the program.',
      },
      (report) => {
        report(this.#rejections);
      },
    );
  }
}
