import { type DynamicModule, Module } from '@nestjs/common';
import { ClusterRightsModule } from './modules/cluster-rights/index.js';
import { ConfigModule, type ConfigService, type Environment } from './modules/config/index.js';
import { CustomResourcesModule, CustomResourcesService } from './modules/custom-resources/index.js';
import { HealthModule, ReadinessRegistry } from './modules/health/index.js';
import { HttpModule } from './modules/http/index.js';
import { proxyEnvironment } from './modules/http-client/index.js';
import { KubernetesModule, KubernetesService } from './modules/kubernetes/index.js';
import { type InstalledPlugins, PluginsModule } from './modules/plugins/index.js';
import { AgreedStateModule, ReplicationModule } from './modules/replication/index.js';
import { TargetsModule } from './modules/targets/index.js';
import { TelemetryModule } from './modules/telemetry/index.js';
import { WarmStartModule } from './modules/warm-start/index.js';
import type { Clock, Logger, ReadinessIndicator } from './plugin-api/index.js';

export interface AppOptions {
  readonly config: ConfigService;
  readonly plugins: InstalledPlugins;
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
    const replication = ReplicationModule.register(options.env);
    const agreed = AgreedStateModule.register(replication);
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(options.config),
        TelemetryModule.forRoot(options),
        PluginsModule.forRoot({
          plugins: options.plugins,
          imports: [KubernetesModule, CustomResourcesModule, HealthModule],
          environment: {
            inject: [KubernetesService, CustomResourcesService, ReadinessRegistry],
            useFactory: (
              kubernetes: KubernetesService,
              customResources: CustomResourcesService,
              readiness: ReadinessRegistry,
            ) => ({
              proxies: proxyEnvironment(options.env),
              ...(kubernetes.isConfigured && { kubernetes }),
              kubernetesServers: kubernetes,
              customResources,
              joinReadiness: (indicator: ReadinessIndicator) =>
                readiness.register(() => [indicator]),
            }),
          },
        }),
        HealthModule,
        ClusterRightsModule,
        TargetsModule,
        replication,
        HttpModule.register({
          imports: [agreed, WarmStartModule.register(agreed), CustomResourcesModule],
          version: options.version,
        }),
      ],
    };
  }
}
