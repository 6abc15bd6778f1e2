import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { PLUGIN_CONTEXT } from '../../plugin-api/index.js';
import type { InstalledPlugin } from './installed-plugin.js';
import { PluginContexts } from './plugin-contexts.js';
import { definitionKey } from './plugin-options.js';
import { definitionToken } from './plugins.tokens.js';

/** One plugin in Nest: its definitions as providers, and the module that it may have brought. */
@Module({})
export class PluginHostModule {
  static register(installed: InstalledPlugin): DynamicModule {
    const { provides } = installed.plugin;
    const own = moduleOf(installed);
    return {
      module: PluginHostModule,
      imports: own === undefined ? [] : [own, routesOf(installed, own)],
      providers: provides.map((definition) => ({
        provide: definitionToken(definitionKey(definition)),
        useValue: definition,
      })),
      exports: provides.map((definition) => definitionToken(definitionKey(definition))),
    };
  }
}

/** The plugin's module, in which its context can be injected. */
function moduleOf(installed: InstalledPlugin): DynamicModule | undefined {
  const brought = installed.plugin.nestModule;
  if (brought === undefined) return undefined;
  const context: Provider = {
    provide: PLUGIN_CONTEXT,
    inject: [PluginContexts],
    useFactory: (contexts: PluginContexts) => contexts.ofPlugin(installed),
  };
  if (!isDynamicModule(brought)) {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- what is no dynamic module is a class; Nest says so of anything else
    return { module: brought as Type, providers: [context] };
  }
  return { ...brought, providers: [...(brought.providers ?? []), context] };
}

function routesOf({ plugin, package: found }: InstalledPlugin, own: DynamicModule): DynamicModule {
  return RouterModule.register([
    { path: `plugins/${found?.name ?? plugin.name}`, module: own.module },
  ]);
}

function isDynamicModule(value: object): value is DynamicModule {
  return 'module' in value && typeof value.module === 'function';
}
