import { Module, type DynamicModule, type ModuleMetadata, type Provider } from '@nestjs/common';
import type { Plugin } from '../../plugin-api/index.js';
import { PluginContexts } from './plugin-contexts.js';
import { PluginHost } from './plugin-host.js';
import { PluginRegistry } from './plugin-registry.js';
import { PLUGIN_ENVIRONMENT, type PluginEnvironment } from './plugins.tokens.js';

/** How the plugins' environment is made: a value, or a factory that Nest gives its parts. */
export type PluginEnvironmentSource =
  | { readonly useValue: PluginEnvironment }
  | {
      readonly useFactory: (...parts: never[]) => PluginEnvironment | Promise<PluginEnvironment>;
      readonly inject: readonly (symbol | (abstract new (...parts: never[]) => unknown))[];
    };

export interface PluginsModuleOptions {
  readonly plugins: readonly Plugin[];
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
      imports: [...(options.imports ?? [])],
      providers: [
        { provide: PluginRegistry, useFactory: () => new PluginRegistry(options.plugins) },
        environmentProvider(options.environment),
        PluginContexts,
        PluginHost,
      ],
      exports: [PluginRegistry, PluginContexts, PluginHost],
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
