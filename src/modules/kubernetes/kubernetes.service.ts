import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type {
  Clock,
  Informer,
  InformerRequest,
  KubernetesAccess,
  KubernetesServer,
  KubernetesServerConfig,
  KubernetesServers,
  Logger,
  Meter,
} from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { proxyEnvironment } from '../http-client/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import { ClusterDirectory } from './cluster-directory.js';
import type { InformerStatus } from './informer-health.js';
import { meterInformers } from './informer-metrics.js';
import { findKubeConfig } from './kube-config.js';
import { configuredTarget, ownTarget, type TargetTools } from './server-target.js';

/**
 * Informers of the cluster that the allocator belongs to, and of others. Nothing of it is loaded or connected before
 * the first informer is asked for.
 */
@Injectable()
export class KubernetesService implements KubernetesAccess, KubernetesServers, OnModuleDestroy {
  readonly #tools: TargetTools;
  readonly #clusters: ClusterDirectory;

  constructor(
    @Inject(ConfigService) config: ConfigService,
    @Inject(LOGGER) logger: Logger,
    @Inject(METER) meter: Meter,
    @Inject(CLOCK) clock: Clock,
  ) {
    // eslint-disable-next-line no-restricted-properties -- Kubernetes tells a pod where its API server is in the environment only
    const { env } = process;
    this.#tools = {
      search: { file: config.current.kubeConfigFilePath, env },
      clock,
      proxies: proxyEnvironment(env),
    };
    this.#clusters = new ClusterDirectory({ clock, logger: logger.child('kubernetes') });
    meterInformers(meter, () =>
      this.#clusters
        .list()
        .flatMap((cluster) =>
          cluster.informers().map((informer) => ({ server: cluster.name, informer })),
        ),
    );
  }

  /** Whether there is a kubeconfig file or a pod's service account. */
  get isConfigured(): boolean {
    return findKubeConfig(this.#tools.search) !== undefined;
  }

  /** @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND` when {@link isConfigured} is false. */
  informer<T>(request: InformerRequest<T>): Informer<T> {
    return this.#clusters.informer(ownTarget(this.#tools), request);
  }

  server(config: KubernetesServerConfig): KubernetesServer {
    const target = configuredTarget(config, this.#tools);
    return {
      ownNamespace: target.ownNamespace,
      informer: (request) => this.#clusters.informer(target, request),
    };
  }

  /** How each informer in use fares. */
  statuses(): readonly InformerStatus[] {
    return this.#clusters.list().flatMap((cluster) => cluster.statuses());
  }

  onModuleDestroy(): void {
    this.#clusters.close();
  }
}
