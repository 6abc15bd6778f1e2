import { setTimeout as sleep } from 'node:timers/promises';
import { Cluster, isClusterAvailable } from '../test/fixtures/cluster/cluster.js';
import { changePod, createPods } from './bench-pods.js';
import { KubernetesProbe, type ChurnFigures } from './kubernetes-probe.js';
import { benchOptions } from './measure/options.js';
import { ReportFile } from './measure/report.js';

const namespace = 'bench';
const changesPerSecond = 50;

interface ChurnResult extends ChurnFigures {
  readonly seconds: number;
  readonly written: number;
  /** Changes that were written and not seen when the last one had been written. */
  readonly backlog: number;
  /** Until the last one was seen, after it was written. */
  readonly drainedMs: number;
}

/**
 * What discovery of pods costs on a real API server: a full list, then changes at a steady rate.
 *
 *   npm run bench -- kubernetes [--pods 5000] [--seconds 20]
 */
export async function benchKubernetes(args: readonly string[]): Promise<void> {
  const options = benchOptions(args, ['pods', 'seconds']);
  const { given, isQuick } = options;
  const pods = Number(given.pods ?? (isQuick ? 20 : 5_000));
  const seconds = Number(given.seconds ?? (isQuick ? 1 : 20));
  if (!isClusterAvailable) {
    console.warn('kubernetes: left out, kube-apiserver and etcd are not there');
    return;
  }
  const cluster = await Cluster.start();
  try {
    await cluster.createNamespace(namespace);
    await createPods(cluster, namespace, pods);
    const probe = new KubernetesProbe(await cluster.kubeConfig(), namespace);
    const list = await probe.listed();
    const churn = await runChurn(cluster, probe, { pods, seconds });
    const file = await ReportFile.open('kubernetes', options);
    await file.add({ list: 'pods', pods }, [{ ...list }]);
    await file.add({ churn: 'pods', pods, changesPerSecond }, [{ ...churn }]);
    file.print();
  } finally {
    await cluster.stop();
  }
}

async function runChurn(
  cluster: Cluster,
  probe: KubernetesProbe,
  { pods, seconds }: { readonly pods: number; readonly seconds: number },
): Promise<ChurnResult> {
  const count = seconds * changesPerSecond;
  const writes: Promise<void>[] = [];
  probe.beginChurn();
  const startMs = performance.now();
  for (let number = 0; number < count; number += 1) {
    // Sent when they are due and not when the former one is done: a slow API server makes no slow test.
    const waitMs = startMs + (number * 1000) / changesPerSecond - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    writes.push(changePod(cluster, namespace, { number, pod: (number * 7_919) % pods }));
  }
  await Promise.all(writes);
  const writtenMs = performance.now();
  const { latest } = await probe.state();
  const drainedMs = (await untilSeen(probe, count - 1)) - writtenMs;
  const figures = await probe.endChurn();
  const took = (writtenMs - startMs) / 1000;
  return { ...figures, seconds: took, written: count, backlog: count - 1 - latest, drainedMs };
}

async function untilSeen(probe: KubernetesProbe, last: number): Promise<number> {
  const deadlineMs = performance.now() + 60_000;
  while ((await probe.state()).latest < last) {
    if (performance.now() > deadlineMs) throw new Error('the last change was never seen');
    await sleep(5);
  }
  return performance.now();
}
