import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule, type ConfigService, type Environment } from './modules/config/index.js';
import { HealthModule } from './modules/health/index.js';
import { HttpModule } from './modules/http/index.js';
import { proxyEnvironment } from './modules/http-client/index.js';
import { KubernetesModule, KubernetesService } from './modules/kubernetes/index.js';
import { PluginsModule } from './modules/plugins/index.js';
import { TargetsModule } from './modules/targets/index.js';
import { TelemetryModule } from './modules/telemetry/index.js';
import type { Clock, Logger, Plugin } from './plugin-api/index.js';

export interface AppOptions {
  readonly config: ConfigService;
  readonly plugins: readonly Plugin[];
  readonly logger: Logger;
  readonly clock: Clock;
  readonly env: Environment;
  /** This program's version. */
  readonly version: string;
}

/** The list of modules, nothing else. */
@Module({})
export class AppModule {
  static forRoot(options: AppOptions): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(options.config),
        TelemetryModule.forRoot(options),
        PluginsModule.forRoot({
          plugins: options.plugins,
          imports: [KubernetesModule],
          environment: {
            inject: [KubernetesService],
            useFactory: (kubernetes: KubernetesService) => ({
              proxies: proxyEnvironment(options.env),
              ...(kubernetes.isConfigured && { kubernetes }),
              kubernetesServers: kubernetes,
            }),
          },
        }),
        HealthModule,
        TargetsModule,
        HttpModule.register({ imports: [TargetsModule], version: options.version }),
      ],
    };
  }
}
