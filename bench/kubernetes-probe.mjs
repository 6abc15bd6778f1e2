// The measured side of bench/kubernetes.ts, in a process of its own so that nothing else is in the figures: the built
// discovery of pods on its reflector. Says what it costs over IPC.
//
//   node --expose-gc bench/kubernetes-probe.mjs <kubeconfig> <namespace>
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const dist = resolve(process.env.TARGET_ALLOCATOR_DIST ?? 'dist');
const load = (file) => import(pathToFileURL(resolve(dist, file)).href);
const { ClusterAccess } = await load('modules/kubernetes/cluster-access.js');
const { openKubeConfig } = await load('modules/kubernetes/kube-config.js');
const { SystemClock } = await load('modules/telemetry/index.js');
const { kubernetesDiscovery } = await load('plugins/discovery/kubernetes/kubernetes-discovery.js');

const [, , path, namespace] = process.argv;
const logger = {
  debug() {},
  info() {},
  warn: (message, fields) => console.error(message, fields),
  error: (message, fields) => console.error(message, fields),
  child: () => logger,
};
const instrument = () => ({ add() {}, record() {}, remove() {} });
const meter = {
  counter: instrument,
  histogram: instrument,
  summary: instrument,
  observableGauge() {},
  observableCounter() {},
};
const clock = new SystemClock();
const MIB = 1024 * 1024;
const rssMiB = () => process.memoryUsage.rss() / MIB;
const settle = () => {
  globalThis.gc?.();
  globalThis.gc?.();
};

/** The kubeconfig's parser is paid for by whoever has a cluster at all, not by the pods. */
await openKubeConfig({ kind: 'file', path });
settle();
const baseMiB = rssMiB();
const access = new ClusterAccess({
  name: 'bench',
  open: () => openKubeConfig({ kind: 'file', path }),
  clock,
  logger,
});
const source = kubernetesDiscovery.create(
  { role: 'pod', namespaces: { names: [namespace] } },
  { clock, logger, meter, instance: 'bench', kubernetesServers: { server: () => access } },
);

const stalls = monitorEventLoopDelay({ resolution: 1 });
stalls.enable();
// What the machine itself does to an idle process: stalls below that are none of ours.
await sleep(2_000);
const idleStallMs = takeStallMs();
let highestMiB = baseMiB;
const sampler = setInterval(() => (highestMiB = Math.max(highestMiB, rssMiB())), 5);
const stop = new AbortController();
const begunMs = performance.now();
let cpu = process.cpuUsage();
function takeCpuMs() {
  const { user, system } = process.cpuUsage(cpu);
  cpu = process.cpuUsage();
  return (user + system) / 1000;
}
function takeStallMs() {
  const ms = stalls.max / 1e6;
  stalls.reset();
  return ms;
}

let isListed = false;
let madeGroups = 0;
let latest = -1;
let latenciesMs = [];

function take(groups) {
  if (!isListed) {
    isListed = true;
    // One more turn, so that the stall of this one is seen.
    setTimeout(() => tellListed(groups), 20);
    return;
  }
  madeGroups += groups.length;
  for (const { labels } of groups) {
    const { __meta_kubernetes_pod_label_change: change, __meta_kubernetes_pod_label_sent: sent } =
      labels;
    if (change === undefined) continue;
    latest = Math.max(latest, Number(change));
    latenciesMs.push(Date.now() - Number(sent));
  }
}

function tellListed(groups) {
  const ms = performance.now() - begunMs;
  const figures = {
    ms,
    cpuMs: takeCpuMs(),
    stallMs: takeStallMs(),
    idleStallMs,
    groups: groups.length,
  };
  const peakMiB = process.resourceUsage().maxRSS / 1024;
  settle();
  process.send({ listed: { ...figures, baseMiB, highestMiB, peakMiB, settledMiB: rssMiB() } });
}

process.on('message', (message) => {
  if (message === 'begin churn') {
    takeCpuMs();
    takeStallMs();
  } else if (message === 'state') {
    process.send({ state: { latest, seen: latenciesMs.length } });
  } else if (message === 'end churn') {
    clearInterval(sampler);
    const sorted = latenciesMs.sort((a, b) => a - b);
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    process.send({
      churned: {
        cpuMs: takeCpuMs(),
        stallMs: takeStallMs(),
        madeGroups,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        longestMs: sorted.at(-1),
        rssMiB: rssMiB(),
      },
    });
    stop.abort();
    access.close();
    process.disconnect();
  }
});

await source.run(take, stop.signal);
