// What the allocation engine costs: time and memory for a cold start, one changed target and a collector more.
//
//   npm run build && node --expose-gc bench/engine.mjs [targets] [labels]
//
// Built code elsewhere than in dist: TARGET_ALLOCATOR_DIST=/path node …
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const dist = resolve(process.env.TARGET_ALLOCATOR_DIST ?? 'dist');
const load = (file) => import(pathToFileURL(resolve(dist, file)).href);
const { AllocationEngine } = await load('core/allocation/engine.js');
const { loadXxhash64 } = await load('core/hash/xxhash64.js');
const { relabelConfigFilter } = await load(
  'plugins/filters/relabel-config/relabel-config-filter.js',
);
const { consistentHashing } = await load(
  'plugins/strategies/consistent-hashing/consistent-hashing.js',
);
const { leastWeighted } = await load('plugins/strategies/least-weighted/least-weighted.js');
const { perNode } = await load('plugins/strategies/per-node/per-node.js');
await loadXxhash64();

const count = Number(process.argv[2] ?? 100_000);
const width = Number(process.argv[3] ?? 20);
const COLLECTORS = 30;

/** A pod as Kubernetes discovery reports it: about a third of the values are its own. */
function pod(i) {
  const hash = ((i * 2654435761) >>> 0).toString(16).padStart(8, '0');
  const ip = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  const app = `svc-${i % 1999}`;
  const labels = {
    __address__: `${ip}:9090`,
    __meta_kubernetes_namespace: `team-${i % 211}`,
    __meta_kubernetes_pod_name: `${app}-${hash}`,
    __meta_kubernetes_pod_ip: ip,
    __meta_kubernetes_pod_uid: `${hash}-14f8-481e-a937-000000000000`,
    __meta_kubernetes_pod_node_name: `node-${Math.floor(i / 110)}`,
    __meta_kubernetes_pod_phase: 'Running',
    __meta_kubernetes_pod_ready: 'true',
    __meta_kubernetes_pod_controller_kind: 'ReplicaSet',
    __meta_kubernetes_pod_controller_name: `${app}-5d4f`,
    __meta_kubernetes_pod_container_name: 'main',
    __meta_kubernetes_pod_container_port_number: '9090',
    __meta_kubernetes_pod_label_app: app,
  };
  for (let n = Object.keys(labels).length; n < width; n++) {
    labels[`__meta_kubernetes_pod_annotation_${n}`] = `value-${n}-${i % 50}`;
  }
  return labels;
}

const rules = [
  { source_labels: ['__meta_kubernetes_pod_phase'], regex: '(Failed|Succeeded)', action: 'drop' },
  { source_labels: ['__meta_kubernetes_pod_ready'], regex: 'true', action: 'keep' },
  { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
  { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
  { source_labels: ['__meta_kubernetes_pod_container_name'], target_label: 'container' },
  { regex: '__meta_kubernetes_pod_label_(.+)', action: 'labelmap' },
  {
    source_labels: ['__address__', '__meta_kubernetes_pod_container_port_number'],
    regex: '([^:]+)(?::\\d+)?;(\\d+)',
    replacement: '$1:$2',
    target_label: '__address__',
  },
];

function job() {
  const config = {
    job_name: 'bench',
    scrape_interval: '1m',
    scrape_timeout: '10s',
    metrics_path: '/metrics',
    scheme: 'http',
    follow_redirects: true,
    enable_http2: true,
    relabel_configs: rules,
  };
  const filter = relabelConfigFilter.create(undefined, undefined);
  return {
    name: 'bench',
    providers: ['p'],
    filter: {
      key: 'rules',
      run: filter.prepare(config),
      compile: (names) => filter.compile?.(config, names),
    },
  };
}

const fleet = (size) =>
  Array.from({ length: size }, (_, i) => ({ name: `collector-${i}`, node: `node-${i}` }));
const cpuMs = (since) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Runs works to their ends; tells the CPU time and the longest time between two yields, in milliseconds. */
function measure(works) {
  const before = process.cpuUsage();
  let longest = 0;
  for (const work of works) {
    for (let done = false; !done;) {
      const start = performance.now();
      done = work.next().done;
      longest = Math.max(longest, performance.now() - start);
    }
  }
  return { cpu: cpuMs(before), longest };
}
const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
const memory = () => {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** The group that starts with this target, as a parser makes it. */
function groupOf(first, perGroup, change) {
  const targets = [];
  for (let i = first; i < Math.min(count, first + perGroup); i++) targets.push(pod(i));
  if (change !== undefined) targets[targets.length >> 1].changed = String(change);
  return JSON.parse(JSON.stringify({ source: `g${first}`, labels: {}, targets }));
}

const applied = (engine, first, perGroup, change) =>
  measure([engine.applyGroup('p', groupOf(first, perGroup, change))]);

function coldStart(engine, perGroup) {
  const start = { cpu: 0, longest: 0 };
  const perBatch = Math.max(perGroup, 10_000);
  for (let batch = 0; batch < count; batch += perBatch) {
    const groups = [];
    for (let first = batch; first < Math.min(count, batch + perBatch); first += perGroup) {
      groups.push(groupOf(first, perGroup));
    }
    const { cpu, longest } = measure(groups.map((group) => engine.applyGroup('p', group)));
    start.cpu += cpu;
    start.longest = Math.max(start.longest, longest);
  }
  return start;
}

function allBodies(engine) {
  const before = process.cpuUsage();
  let bytes = 0;
  for (const { name } of engine.collectors) bytes += engine.targetsBody('bench', name).length;
  return { cpu: cpuMs(before), bytes };
}

function bench(name, definition, perGroup) {
  const before = memory();
  const engine = new AllocationEngine({ strategy: definition.create(), hashSeed: 7 });
  measure([engine.setJobs([job()])]);
  measure([engine.setCollectors(fleet(COLLECTORS))]);
  const start = coldStart(engine, perGroup);
  const stored = (memory() - before) / count;
  const first = Math.floor(count / 2 / perGroup) * perGroup;
  const changes = Array.from({ length: 31 }, (_, n) => applied(engine, first, perGroup, n).cpu);
  const bodies = allBodies(engine);
  const join = measure([engine.setCollectors(fleet(COLLECTORS + 1))]);
  return {
    strategy: name,
    'targets/group': perGroup,
    'cold ms': Math.round(start.cpu),
    'longest step': +start.longest.toFixed(1),
    'bytes/target': Math.round(stored),
    'change ms': +median(changes).toFixed(3),
    'join ms': +join.cpu.toFixed(1),
    'join step': +join.longest.toFixed(1),
    'bodies ms': Math.round(bodies.cpu),
    'bodies MB': +(bodies.bytes / 1e6).toFixed(1),
  };
}

const results = [];
for (const perGroup of [1, 5, count]) {
  results.push(bench('consistent-hashing', consistentHashing, perGroup));
}
results.push(bench('least-weighted', leastWeighted, 5), bench('per-node', perNode, 5));
console.log(
  `${count} targets of ${width} labels, ${COLLECTORS} collectors, Node ${process.version}`,
);
console.table(results);
