import { randomInt } from 'node:crypto';
import type { Provider } from '@nestjs/common';
import { AllocationEngine } from '../../core/allocation/engine.js';
import { loadXxhash64 } from '../../core/hash/xxhash64.js';
import {
  withFallback,
  type AllocationStrategy,
  type Logger,
  type Meter,
} from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { PluginHost } from '../plugins/index.js';
import { LOGGER, METER } from '../telemetry/index.js';

/** Makes the engine with the configured strategy and its fallback. */
export const allocationEngineProvider: Provider = {
  provide: AllocationEngine,
  inject: [ConfigService, PluginHost, METER, LOGGER],
  useFactory: async (
    config: ConfigService,
    host: PluginHost,
    meter: Meter,
    logger: Logger,
  ): Promise<AllocationEngine> => {
    await loadXxhash64();
    const { allocationStrategy, allocationFallbackStrategy } = config.current;
    const make = (name: string): Promise<AllocationStrategy> =>
      host.make<AllocationStrategy>(host.definition('strategy', name), {});
    const primary = await make(allocationStrategy);
    const strategy =
      allocationFallbackStrategy === undefined
        ? primary
        : withFallback(primary, await make(allocationFallbackStrategy));
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
