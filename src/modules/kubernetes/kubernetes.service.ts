import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type {
  Clock,
  Informer,
  InformerRequest,
  KubernetesAccess,
  Logger,
  Meter,
} from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK, LOGGER, METER } from '../telemetry/index.js';
import type { ApiServer } from './api-server.js';
import { ClusterAccess } from './cluster-access.js';
import type { InformerStatus } from './informer-health.js';
import { meterInformers } from './informer-metrics.js';
import {
  findKubeConfig,
  openKubeConfig,
  requireKubeConfig,
  type KubeConfigSearch,
} from './kube-config.js';

const ownClusterName = 'own';

/**
 * Informers of the cluster that the allocator belongs to, and of others. Nothing of it is loaded or connected before
 * the first informer is asked for.
 */
@Injectable()
export class KubernetesService implements KubernetesAccess, OnModuleDestroy {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #search: KubeConfigSearch;
  readonly #clusters = new Set<ClusterAccess>();
  #own: ClusterAccess | undefined;

  constructor(
    @Inject(ConfigService) config: ConfigService,
    @Inject(LOGGER) logger: Logger,
    @Inject(METER) meter: Meter,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#logger = logger.child('kubernetes');
    this.#clock = clock;
    this.#search = {
      file: config.current.kubeConfigFilePath,
      // eslint-disable-next-line no-restricted-properties -- Kubernetes tells a pod where its API server is in the environment only
      env: process.env,
    };
    meterInformers(meter, () =>
      [...this.#clusters].flatMap((cluster) =>
        cluster.informers().map((informer) => ({ server: cluster.name, informer })),
      ),
    );
  }

  /** Whether there is a kubeconfig file or a pod's service account. */
  get isConfigured(): boolean {
    return findKubeConfig(this.#search) !== undefined;
  }

  /** @throws KubeConfigError `TA_KUBECONFIG_NOT_FOUND` when {@link isConfigured} is false. */
  informer<T>(request: InformerRequest<T>): Informer<T> {
    return this.#ownCluster().informer(request);
  }

  /** Another API server, with connection details of its own. Close it when it is no longer needed. */
  connect(name: string, open: () => Promise<ApiServer>): ClusterAccess {
    const cluster = new ClusterAccess({ name, open, clock: this.#clock, logger: this.#logger });
    this.#clusters.add(cluster);
    return cluster;
  }

  /** Ends the informers and the connection of a server that {@link connect} gave. */
  disconnect(cluster: ClusterAccess): void {
    cluster.close();
    this.#clusters.delete(cluster);
  }

  /** How each informer in use fares. */
  statuses(): readonly InformerStatus[] {
    return [...this.#clusters].flatMap((cluster) => cluster.statuses());
  }

  onModuleDestroy(): void {
    for (const cluster of this.#clusters) cluster.close();
    this.#clusters.clear();
  }

  #ownCluster(): ClusterAccess {
    if (this.#own === undefined) {
      const place = requireKubeConfig(this.#search);
      this.#own = this.connect(ownClusterName, () => openKubeConfig(place));
    }
    return this.#own;
  }
}
