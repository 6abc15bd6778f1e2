import { Inject, Injectable } from '@nestjs/common';
import type { Clock, Logger, Meter, PluginContext } from '../../plugin-api/index.js';
import { createHttpClient } from '../http-client/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import { PLUGIN_ENVIRONMENT, type PluginEnvironment } from './plugins.tokens.js';

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
   * @param definition Names the logger: `discovery.http`.
   * @param instance What the instance is made for; appended to the logger's name.
   */
  make(
    definition: { readonly kind: string; readonly name: string },
    instance?: string,
  ): PluginContext {
    const { clock, meter } = this;
    const { kubernetes, kubernetesServers, proxies } = this.environment;
    const name = [definition.kind, definition.name, ...(instance === undefined ? [] : [instance])];
    return {
      logger: this.logger.child(name.join('.')),
      meter,
      clock,
      ...(instance === undefined ? {} : { instance }),
      ...(kubernetes === undefined ? {} : { kubernetes }),
      ...(kubernetesServers === undefined ? {} : { kubernetesServers }),
      httpClient: (config) => createHttpClient(config, { clock, proxies }),
    };
  }
}
