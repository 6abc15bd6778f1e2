import type { Provider } from '@nestjs/common';
import { loadXxhash64 } from '../../core/hash/xxhash64.js';
import { type AllocationStrategy, withFallback } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { PluginHost } from '../plugins/index.js';

/** The {@link AllocationStrategy} that the allocation is made with. */
export const ALLOCATION_STRATEGY = Symbol('AllocationStrategy');

/** The configured strategy with its fallback. */
export const allocationStrategyProvider: Provider = {
  provide: ALLOCATION_STRATEGY,
  inject: [ConfigService, PluginHost],
  useFactory: async (config: ConfigService, host: PluginHost): Promise<AllocationStrategy> => {
    // Strategies may hash as soon as they are made, as the engine does.
    await loadXxhash64();
    const { allocationStrategy, allocationFallbackStrategy } = config.current;
    const make = (name: string): Promise<AllocationStrategy> => {
      const definition = host.definition('strategy', name);
      return host.make<AllocationStrategy>(definition, host.optionsOf(definition));
    };
    const primary = await make(allocationStrategy);
    return allocationFallbackStrategy === undefined
      ? primary
      : withFallback(primary, await make(allocationFallbackStrategy));
  },
};
