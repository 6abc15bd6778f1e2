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
import { type NetworkPolicy, proxyEnvironment } from '../http-client/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import type { ApiClient } from './api-connection.js';
import { ApiObjects } from './api-client.js';
import { ClusterDirectory } from './cluster-directory.js';
import { meterInformers, meterServers } from './informer-metrics.js';
import { findInCluster, findKubeConfig } from './kube-config.js';
import type { ObjectName, ResourceQuery } from './resource-query.js';
import type { ReportingServer } from './server-readiness.js';
import { configuredTarget, ownTarget, type TargetTools } from './server-target.js';

/**
 * Informers of the cluster that the allocator belongs to, and of others. Nothing of it is loaded or connected before
 * the first informer is asked for.
 */
@Injectable()
export class KubernetesService implements KubernetesAccess, KubernetesServers, OnModuleDestroy {
  readonly #tools: TargetTools;
  readonly #clusters: ClusterDirectory;
  readonly #objects: ApiObjects;

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
    this.#clusters = new ClusterDirectory({
      clock,
      logger: logger.child('kubernetes'),
      checkIntervalMs: config.current.kubernetes.consistencyCheckIntervalMs,
    });
    // Asked for each request: a kubeconfig file may appear later, and where there is none the request fails.
    const request: ApiClient['request'] = async (one) =>
      this.#clusters.request(ownTarget(this.#tools), one);
    this.#objects = new ApiObjects({ request }, clock);
    meterServers(meter, () => this.#clusters.list());
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

  /** The kubeconfig file that is used; the empty text for a pod's service account, or none at all. */
  get kubeconfigFile(): string {
    const place = findKubeConfig(this.#tools.search);
    return place?.kind === 'file' ? place.path : '';
  }

  /** The namespace of the pod that the allocator runs in; `undefined` when it runs in none. */
  get ownNamespace(): string | undefined {
    const search = { ...this.#tools.search, file: '' };
    return findInCluster(search) === undefined ? undefined : ownTarget({ search }).ownNamespace;
  }

  /** @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND` when {@link isConfigured} is false. */
  informer<T>(request: InformerRequest<T>): Informer<T> {
    return this.#clusters.informer(ownTarget(this.#tools), request);
  }

  /** @param network What a connection to a server that the configuration names may not lead to. */
  server(config: KubernetesServerConfig, network?: NetworkPolicy): KubernetesServer {
    const tools = network === undefined ? this.#tools : { ...this.#tools, network };
    const target = configuredTarget(config, tools);
    return {
      ownNamespace: target.ownNamespace,
      informer: (request) => this.#clusters.informer(target, request),
    };
  }

  /** One object of the own cluster as it is now. @throws as {@link ApiObjects.read} */
  readObject(name: ObjectName, signal: AbortSignal): Promise<unknown> {
    return this.#objects.read(name, signal);
  }

  /** Makes an object in the own cluster, and gives it as the server made it. @throws as {@link ApiObjects.read} */
  createObject(query: ResourceQuery, object: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#objects.create(query, object, signal);
  }

  /** Puts an object of the own cluster in the place of the one that there is. @throws as {@link ApiObjects.replace} */
  replaceObject(name: ObjectName, object: unknown, signal: AbortSignal): Promise<unknown> {
    return this.#objects.replace(name, object, signal);
  }

  /** The API servers in use. */
  servers(): readonly ReportingServer[] {
    return this.#clusters.list();
  }

  onModuleDestroy(): void {
    this.#clusters.close();
  }
}
