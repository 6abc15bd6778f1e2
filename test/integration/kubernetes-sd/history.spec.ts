import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKubeConfig } from '../../../src/modules/kubernetes/kube-config.js';
import { ClusterAccess } from '../../../src/modules/kubernetes/cluster-access.js';
import { SystemClock } from '../../../src/modules/telemetry/index.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { RecordingLogger } from '../../fixtures/plugin-context.js';
import { Churn } from './churn.js';
import { ClusterObjects } from './cluster-objects.js';
import { isLongRun } from './discovery-setup.js';
import { seededRandom } from './random.js';
import { RandomFaults } from './random-faults.js';
import { WatchHistory, type SeenObject } from './watch-history.js';

const keptCount = 30;
const runMs = isLongRun ? 30_000 : 8_000;
const firstSeed = Date.now() % 1_000_000;
const seeds = Array.from({ length: isLongRun ? 30 : 5 }, (_, n) => firstSeed + n);
const settled = { timeout: 60_000, interval: 100 };
const quickly = { ping: { intervalMs: 500, timeoutMs: 500 }, connectTimeoutMs: 1_000 };

function slim(raw: unknown): SeenObject {
  const { name, uid, resourceVersion } = (raw as { readonly metadata: SeenObject }).metadata;
  return { name, uid, resourceVersion };
}

describe.skipIf(!isClusterAvailable)('the history that an informer tells under faults', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(async () => {
    await cluster.stop();
  });

  /** Runs alone: its own namespace, proxy and informer. */
  async function run(seed: number): Promise<void> {
    const namespace = `history-${String(seed)}`;
    const objects = new ClusterObjects(cluster, namespace);
    const kept = await objects.create(keptCount);
    const proxy = await FaultProxy.start(cluster.port);
    const path = await cluster.kubeConfig({ port: proxy.port });
    const logger = new RecordingLogger();
    const access = new ClusterAccess({
      name: 'test',
      open: () => openKubeConfig({ kind: 'file', path }),
      clock: new SystemClock(),
      logger,
      random: seededRandom(seed),
      ...quickly,
    });
    const history = new WatchHistory(new Set(kept.map(({ name }) => name)));
    const resource = { group: '', version: 'v1', plural: 'pods', namespace };
    const informer = access.informer<SeenObject>({ ...resource, slim, shape: 'history' });
    informer.onChange((batch) => {
      history.record(batch);
      history.compare('the cache', informer.list());
    });
    try {
      await informer.synced(AbortSignal.timeout(30_000));
      const faults = RandomFaults.start(proxy, seededRandom(seed));
      const churn = Churn.start(objects, { changesPerSecond: 20, seed });
      await sleep(runMs);
      await churn.stop();
      await faults.stop();
      await expect.poll(() => versions(informer.list()), settled).toEqual(await fresh(namespace));
      history.compare('a fresh list', await freshObjects(namespace));
      expect(history.violations).toEqual([]);
      expect(history.deletions).toBeGreaterThan(0);
      const [status] = access.statuses();
      expect(status?.reconnects).toBeGreaterThan(0);
      const done = [...faults.done].map(([name, count]) => `${name} ${String(count)}`).join(', ');
      console.info(
        `seed ${String(seed)}: ${String(churn.changes)} changes, ${String(history.changes)} told, ` +
          `${String(status?.reconnects)} watches more, ${String(status?.relists)} relists; ${done}`,
      );
    } finally {
      access.close();
      await proxy.close();
    }
  }
  async function freshObjects(namespace: string): Promise<readonly SeenObject[]> {
    const list = await cluster.api('GET', `/api/v1/namespaces/${namespace}/pods`);
    return (list as { readonly items: readonly unknown[] }).items.map(slim);
  }
  const fresh = async (namespace: string): Promise<readonly string[]> =>
    versions(await freshObjects(namespace));

  it.for(seeds)('is ordered, whole and ends with what a fresh list has: seed %i', async (seed) => {
    await run(seed);
  });
});

function versions(objects: Iterable<SeenObject>): readonly string[] {
  return [...objects].map((o) => `${o.name} ${o.uid}@${o.resourceVersion}`).toSorted();
}

describe('the validator of histories', () => {
  const a1 = { name: 'a', uid: 'u1', resourceVersion: '1' };
  const a2 = { ...a1, resourceVersion: '2' };
  const remade = { name: 'a', uid: 'u2', resourceVersion: '3' };
  const change = (type: 'added' | 'updated' | 'deleted', object: SeenObject) => ({
    type,
    key: `ns/${object.name}`,
    object,
  });
  const judge = (...changes: ReturnType<typeof change>[]): readonly string[] => {
    const history = new WatchHistory(new Set());
    history.record(changes);
    return history.violations;
  };

  it('takes what can happen', () => {
    expect(
      judge(
        change('added', a1),
        change('updated', a2),
        change('deleted', a2),
        change('added', remade),
      ),
    ).toEqual([]);
  });
  it.each([
    ['an update of what is not there', [change('updated', a1)]],
    ['a deletion of what is not there', [change('deleted', a1)]],
    ['a second addition', [change('added', a1), change('added', a2)]],
    ['an older version', [change('added', a2), change('updated', a1)]],
    ['the same version again', [change('added', a1), change('updated', a1)]],
    [
      'a new object without the end of the old one',
      [change('added', a1), change('updated', remade)],
    ],
  ])('refuses %s', (_, changes) => {
    expect(judge(...changes)).toHaveLength(1);
  });
  it('refuses a lost key, an untold deletion, and a deletion of what exists', () => {
    const history = new WatchHistory(new Set(['a']));
    history.record([change('added', a1)]);
    history.compare('a list', []);
    history.record([change('deleted', a1)]);
    history.compare('a list', [a1]);
    expect(history.violations).toHaveLength(3);
  });
});
