import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import type { InstalledPlugins } from './installed-plugin.js';
import { PluginContexts } from './plugin-contexts.js';
import { PluginHostModule } from './plugin-host.module.js';
import { PluginHost } from './plugin-host.js';
import { PluginRegistry } from './plugin-registry.js';
import { StalledPlugins } from './stalls/stalled-plugins.service.js';
import { INSTALLED_PLUGINS, PLUGIN_ENVIRONMENT, type PluginEnvironment } from './plugins.tokens.js';

/** How the plugins' environment is made: a value, or a factory that Nest gives its parts. */
export type PluginEnvironmentSource =
  | { readonly useValue: PluginEnvironment }
  | {
      readonly useFactory: (...parts: never[]) => PluginEnvironment | Promise<PluginEnvironment>;
      readonly inject: readonly (symbol | (abstract new (...parts: never[]) => unknown))[];
    };

export interface PluginsModuleOptions {
  readonly plugins: InstalledPlugins;
  readonly environment: PluginEnvironmentSource;
  /** Modules that the environment's factory takes its parts from. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

/** What plugins provide, and the host that makes instances of it. */
@Module({})
export class PluginsModule {
  static forRoot(options: PluginsModuleOptions): DynamicModule {
    return {
      module: PluginsModule,
      global: true,
      imports: [
        ...(options.imports ?? []),
        ...options.plugins.installed.map((plugin) => PluginHostModule.register(plugin)),
      ],
      providers: [
        {
          provide: PluginRegistry,
          useFactory: () => new PluginRegistry(options.plugins.installed),
        },
        { provide: INSTALLED_PLUGINS, useValue: options.plugins },
        environmentProvider(options.environment),
        PluginContexts,
        PluginHost,
        StalledPlugins,
      ],
      exports: [INSTALLED_PLUGINS, PluginRegistry, PluginContexts, PluginHost],
    };
  }
}

function environmentProvider(source: PluginEnvironmentSource): Provider {
  return 'useValue' in source
    ? { provide: PLUGIN_ENVIRONMENT, useValue: source.useValue }
    : {
        provide: PLUGIN_ENVIRONMENT,
        useFactory: source.useFactory,
        inject: [...source.inject],
      };
}
