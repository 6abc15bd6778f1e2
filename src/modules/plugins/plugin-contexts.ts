import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Logger, Meter, PluginContext } from '../../plugin-api/index.js';
import { createHttpClient, type NetworkPolicy } from '../http-client/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import type { InstalledPlugin } from './installed-plugin.js';
import { pluginLogger, pluginMeter } from './plugin-scope.js';
import { PLUGIN_ENVIRONMENT, type PluginEnvironment } from './plugins.tokens.js';
import { restrictedAccess } from './restricted-access.js';

/** Makes what the host gives to each instance of a definition. */
@Injectable()
export class PluginContexts {
  constructor(
    @Inject(LOGGER) readonly logger: Logger,
    @Inject(METER) readonly meter: Meter,
    @Inject(CLOCK) readonly clock: Clock,
    @Inject(PLUGIN_ENVIRONMENT) private readonly environment: PluginEnvironment,
  ) {}

  /**
   * What an instance of a definition is given. Of a plugin that came in a package, lines and metrics carry its name.
   *
   * @param definition Names the logger: `discovery.http`.
   * @param instance What the instance is made for; appended to the logger's name.
   * @param owner Who provides the definition.
   * @param network What the instance may not connect to; absent: it may reach everything.
   */
  make(
    definition: { readonly kind: string; readonly name: string },
    instance?: string,
    owner?: InstalledPlugin,
    network?: NetworkPolicy,
  ): PluginContext {
    const base = this.#baseOf(owner);
    const name = [definition.kind, definition.name, ...(instance === undefined ? [] : [instance])];
    return {
      ...base,
      logger: base.logger.child(name.join('.')),
      ...(instance === undefined ? {} : { instance }),
      ...(network && restrictedAccess(this.environment, this.clock, network)),
    };
  }

  /** What the Nest module of a plugin is given. */
  ofPlugin(owner: InstalledPlugin): PluginContext {
    return this.#baseOf(owner);
  }

  #baseOf(owner: InstalledPlugin | undefined): PluginContext {
    const { clock, logger, meter } = this;
    const { proxies, joinReadiness, ...access } = this.environment;
    const name = owner?.package?.name;
    return {
      ...access,
      clock,
      logger: name === undefined ? logger : pluginLogger(logger, name),
      meter: name === undefined ? meter : pluginMeter(meter, name),
      ...(joinReadiness && { joinReadiness: named(joinReadiness, owner) }),
      httpClient: (config) => createHttpClient(config, { clock, proxies }),
    };
  }
}

type JoinReadiness = NonNullable<PluginContext['joinReadiness']>;

function named(join: JoinReadiness, owner: InstalledPlugin | undefined): JoinReadiness {
  const plugin = owner?.package?.name ?? owner?.plugin.name ?? 'plugins';
  return (indicator) =>
    join({ name: `${plugin}/${indicator.name}`, status: () => indicator.status() });
}
