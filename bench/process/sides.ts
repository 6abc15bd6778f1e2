import { Cluster, isClusterAvailable } from '../../test/fixtures/cluster/cluster.js';
import { staticCollectors, collectorName, type CollectorSettings } from './configs.js';
import { ourCommand, type Command, type Start } from './running-allocator.js';

const namespace = 'otel';
const collectors = 10;

/** What all sides of a comparison share: the same collectors, found in the same way. */
export interface Surroundings {
  readonly collectors: CollectorSettings;
  readonly start: Pick<Start, 'kubeconfig' | 'env'>;
  stop(): Promise<void>;
}

/** Who is measured: ours alone, or ours after another one. */
export function sidesOf(against: string | undefined): ReadonlyMap<string, Command> {
  const sides = new Map<string, Command>();
  if (against !== undefined) sides.set('against', against.trim().split(/\s+/));
  return sides.set('ours', ourCommand());
}

export function withoutCluster(): Surroundings {
  return {
    collectors: staticCollectors(collectors),
    start: {},
    stop: () => Promise.resolve(),
  };
}

/** Collectors that are pods of a real API server, as other allocators know no other way. */
export async function withCluster(): Promise<Surroundings> {
  if (!isClusterAvailable)
    throw new Error('--against needs etcd and kube-apiserver, as the tests do');
  const cluster = await Cluster.start();
  await cluster.createNamespace(namespace);
  for (let n = 0; n < collectors; n += 1) {
    const state = { labels: { app: 'collector' }, node: `n${String(n)}` };
    await cluster.pods.create(namespace, collectorName(n), state);
  }
  return {
    collectors: {
      collector_selector: { matchlabels: { app: 'collector' } },
      collector_namespace: namespace,
    },
    start: { kubeconfig: await cluster.kubeConfig(), env: { OTELCOL_NAMESPACE: namespace } },
    stop: () => cluster.stop(),
  };
}
