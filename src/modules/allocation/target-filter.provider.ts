import type { Provider } from '@nestjs/common';
import type { TargetFilter } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { PluginHost, PluginRegistry } from '../plugins/index.js';

/** The configured {@link TargetFilter}; `undefined` when filtering is off. */
export const TARGET_FILTER = Symbol('TargetFilter');

/** Any name that no plugin has turns filtering off, as in the Go allocator. */
export const targetFilterProvider: Provider = {
  provide: TARGET_FILTER,
  inject: [ConfigService, PluginRegistry, PluginHost],
  useFactory: async (
    config: ConfigService,
    registry: PluginRegistry,
    host: PluginHost,
  ): Promise<TargetFilter | undefined> => {
    const definition = registry.find('filter', config.current.filterStrategy);
    return definition && (await host.make<TargetFilter>(definition, host.optionsOf(definition)));
  },
};
