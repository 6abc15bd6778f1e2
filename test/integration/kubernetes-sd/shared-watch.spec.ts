import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { ClusterObjects } from './cluster-objects.js';
import { allocatorConfig, type Job } from './discovery-setup.js';
import { OpenWatches } from './open-watches.js';

const namespace = 'shared';
const jobCount = isLongRun ? 1_000 : 200;
const settled = { timeout: 60_000, interval: 250 };
/** What all the jobs together need, each of them once. */
const needed = ['endpoints', 'endpointslices', 'namespaces', 'nodes', 'pods', 'services'];

/** Two roles and all ways to attach metadata: eight different configurations over the same objects. */
function manyJobs(count: number): readonly Job[] {
  return Array.from({ length: count }, (_, n) => ({
    job_name: `job-${String(n)}`,
    kubernetes_sd_configs: [
      {
        role: n % 2 === 0 ? 'endpointslice' : 'endpoints',
        attach_metadata: { node: (n & 2) === 0, namespace: (n & 4) === 0 },
      },
    ],
  }));
}

const staticJob = { job_name: 'static', static_configs: [{ targets: ['127.0.0.1:1'] }] };

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

describe.skipIf(!isClusterAvailable)('many jobs over the same objects', () => {
  let cluster: Cluster;
  let proxy: FaultProxy;
  let allocator: Allocator;
  let watches: OpenWatches;

  beforeAll(async () => {
    cluster = await Cluster.start();
    proxy = await FaultProxy.start(cluster.port);
    const objects = new ClusterObjects(cluster, namespace);
    await objects.createEndpoints('service', await objects.create(30));
    // What the API server watches for itself is not ours.
    watches = await OpenWatches.since(cluster);
    allocator = await Allocator.start({
      config: allocatorConfig(manyJobs(jobCount)),
      kubeconfigPath: await cluster.kubeConfig({ port: proxy.port }),
    });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await proxy.close();
    await cluster.stop();
  });

  it('open one watch for each kind, and one connection for all of them', async () => {
    await expect.poll(() => watches.added(), settled).toEqual(needed.map((kind) => `${kind} 1`));
    expect(proxy.accepted).toBe(1);
    expect(proxy.connections).toBe(1);
    const servedJobs = async (): Promise<number> =>
      Object.keys((await allocator.getJson('/jobs')) as object).length;
    await expect.poll(servedJobs, settled).toBe(jobCount);
    const mib = await residentMiB(allocator.program.pid);
    console.info(`${String(jobCount)} jobs: ${String(mib)} MiB resident`);
  });

  it('keep the watches of those that stay when others go', async () => {
    await allocator.writeConfig(allocatorConfig(manyJobs(1)));
    allocator.program.signal('SIGHUP');
    // One job of slices with the labels of nodes and namespaces: nobody asks for endpoints any more.
    const left = needed.filter((kind) => kind !== 'endpoints').map((kind) => `${kind} 1`);
    await expect.poll(() => watches.added(), settled).toEqual(left);
    expect(proxy.accepted).toBe(1);
    const mib = await residentMiB(allocator.program.pid);
    console.info(`1 job: ${String(mib)} MiB resident`);
  });

  it('close everything with the last of them', async () => {
    await allocator.writeConfig(allocatorConfig([staticJob]));
    allocator.program.signal('SIGHUP');
    await expect.poll(() => watches.added(), settled).toEqual([]);
    await expect.poll(() => proxy.connections, settled).toBe(0);
    expect((await allocator.get('/readyz')).status).toBe(200);
  });
});
