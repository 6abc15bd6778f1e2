import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Cluster, isClusterAvailable } from '../test/fixtures/cluster/cluster.js';
import { changePod, createPods } from './bench-pods.js';
import { KubernetesProbe, type ChurnFigures, type ListFigures } from './kubernetes-probe.js';

const namespace = 'bench';
const changesPerSecond = 50;
const results = new URL('results/', import.meta.url);

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
 *   npm run bench -- kubernetes [pods] [seconds]
 */
export async function benchKubernetes(): Promise<void> {
  const pods = Number(process.argv[2] ?? 5_000);
  const seconds = Number(process.argv[3] ?? 20);
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
    report(pods, list, churn);
    await keep({ pods, node: process.version, at: new Date().toISOString(), list, churn });
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

function report(pods: number, list: ListFigures, churn: ChurnResult): void {
  console.log(`kubernetes: ${String(pods)} pods, Node ${process.version}`);
  console.table({
    [`list of ${String(pods)} pods`]: {
      ms: Math.round(list.ms),
      'cpu ms': Math.round(list.cpuMs),
      'stall ms': rounded(list.stallMs),
      'idle stall ms': rounded(list.idleStallMs),
      'base MiB': Math.round(list.baseMiB),
      'peak above MiB': Math.round(list.peakMiB - list.baseMiB),
      'settled above MiB': Math.round(list.settledMiB - list.baseMiB),
    },
  });
  console.table({
    [`${String(changesPerSecond)} changes/s for ${churn.seconds.toFixed(0)} s`]: {
      'groups made': churn.madeGroups,
      backlog: churn.backlog,
      'drained ms': Math.round(churn.drainedMs),
      'p50 ms': churn.p50Ms,
      'p99 ms': churn.p99Ms,
      'max ms': churn.longestMs,
      'cpu %': rounded(churn.cpuMs / churn.seconds / 10),
      'stall ms': rounded(churn.stallMs),
      'MiB above': Math.round(churn.rssMiB - list.baseMiB),
    },
  });
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

async function keep(figures: object): Promise<void> {
  await mkdir(results, { recursive: true });
  const file = new URL('kubernetes.json', results);
  await writeFile(file, `${JSON.stringify(figures, undefined, 2)}\n`);
  console.log(`written to ${fileURLToPath(file)}`);
}
