import { randomInt } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { AllocationEngine } from '../../core/allocation/engine.js';
import type { AllocationStrategy, Logger, Meter } from '../../plugin-api/index.js';
import { ALLOCATION_STRATEGY } from './allocation-strategy.provider.js';
import { LOGGER, METER } from '../telemetry/index.js';

export const allocationEngineProvider: Provider = {
  provide: AllocationEngine,
  inject: [ALLOCATION_STRATEGY, METER, LOGGER],
  useFactory: (strategy: AllocationStrategy, meter: Meter, logger: Logger): AllocationEngine => {
    const errors = new Set<string>();
    const engine = new AllocationEngine({
      strategy,
      hashSeed: randomInt(2 ** 32),
      onPolicyError: ({ kind, message }) => {
        if (errors.has(message) || errors.size >= mostLoggedErrors) return;
        errors.add(message);
        logger
          .child('allocation')
          .error('policy failed, its target is left out', { policy: kind, message });
      },
    });
    meter.observableCounter(
      {
        name: 'opentelemetry_allocator_policy_errors_total',
        help: 'Number of errors that filters and strategies have thrown.',
        labelNames: ['policy'],
      },
      (report) => {
        report(engine.policyErrors.filter, { policy: 'filter' });
        report(engine.policyErrors.strategy, { policy: 'strategy' });
      },
    );
    return engine;
  },
};

/** Each distinct error is logged once; so many of them tell enough. */
const mostLoggedErrors = 100;
