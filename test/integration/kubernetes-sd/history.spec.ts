import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, type ExpectStatic } from 'vitest';
import { openKubeConfig } from '../../../src/modules/kubernetes/kube-config.js';
import { ClusterAccess } from '../../../src/modules/kubernetes/cluster-access.js';
import { SystemClock } from '../../../src/modules/telemetry/index.js';
import { ApiProxy } from '../../fixtures/api-proxy.js';
import { Cluster, isClusterAvailable } from '../../fixtures/cluster/cluster.js';
import { FaultProxy } from '../../fixtures/fault-proxy.js';
import { RecordingLogger } from '../../fixtures/plugin-context.js';
import { status } from '../../fixtures/scripted-api-server.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { Churn } from './churn.js';
import { ClusterObjects } from './cluster-objects.js';
import { testTimeoutMs } from './discovery-setup.js';
import { freshSeed, seededRandom } from './random.js';
import { RandomFaults, type FaultyWay } from './random-faults.js';
import { WatchHistory, type SeenObject } from './watch-history.js';

const keptCount = 12;
const runMs = isLongRun ? 30_000 : 6_000;
const firstSeed = freshSeed('histories');
const seeds = Array.from({ length: 30 }, (_, n) => firstSeed + n);
const settled = { timeout: 60_000, interval: 100 };
const quickly = { ping: { intervalMs: 500, timeoutMs: 500 }, connectTimeoutMs: 1_000 };

function slim(raw: unknown): SeenObject {
  const { name, uid, resourceVersion } = (raw as { readonly metadata: SeenObject }).metadata;
  return { name, uid, resourceVersion };
}

/** Every other server is one without WatchList, whose lists come in small pages. */
function natureOf(seed: number): FaultyWay['nature'] {
  if (seed % 2 === 0) return () => undefined;
  const answer = { status: 422, body: status(422, 'Invalid', 'sendInitialEvents is forbidden') };
  return ({ verb }) => (verb === 'watch-list' ? { answer } : { query: { limit: '5' } });
}

describe.skipIf(!isClusterAvailable)(
  'the history that an informer tells under faults',
  { timeout: testTimeoutMs },
  () => {
    let cluster: Cluster;

    beforeAll(async () => {
      cluster = await Cluster.start();
    });
    afterAll(async () => {
      await cluster.stop();
    });

    /** Runs beside others: its own namespace, proxies and informer. */
    async function run(seed: number, expect: ExpectStatic): Promise<void> {
      const namespace = `history-${String(seed)}`;
      const objects = new ClusterObjects(cluster, namespace);
      const kept = await objects.create(keptCount);
      const history = new WatchHistory(new Set(kept.map(({ name }) => name)));
      const api = await ApiProxy.start({
        port: cluster.port,
        folder: cluster.folder,
        onCall: ({ verb, query }) => {
          if (verb === 'watch') history.resume(query.get('resourceVersion') ?? '');
        },
      });
      const way = { api, tcp: await FaultProxy.start(api.port), nature: natureOf(seed) };
      const path = await cluster.kubeConfig({ port: way.tcp.port });
      const access = new ClusterAccess({
        name: 'test',
        open: () => openKubeConfig({ kind: 'file', path }),
        clock: new SystemClock(),
        logger: new RecordingLogger(),
        random: seededRandom(seed),
        ...quickly,
      });
      const resource = { group: '', version: 'v1', plural: 'pods', namespace };
      const informer = access.informer<SeenObject>({ ...resource, slim, shape: 'history' });
      informer.onChange((batch) => {
        history.record(batch);
        history.compare('the cache', informer.list());
      });
      try {
        api.set(way.nature);
        await informer.synced(AbortSignal.timeout(30_000));
        const faults = RandomFaults.start(way, seededRandom(seed));
        const churn = Churn.start(objects, { changesPerSecond: 15, seed, revised: keptCount });
        await sleep(runMs);
        await churn.stop();
        await faults.stop();
        await expect.poll(() => versions(informer.list()), settled).toEqual(await fresh(namespace));
        history.compare('a fresh list', await freshObjects(namespace));
        expect(history.violations).toEqual([]);
        expect(history.deletions).toBeGreaterThan(0);
        const [told] = access.statuses();
        expect((told?.reconnects ?? 0) + (told?.relists ?? 0)).toBeGreaterThan(0);
        const done = [...faults.done].map(([name, count]) => `${name} ${String(count)}`).join(', ');
        console.info(
          `seed ${String(seed)}: ${String(churn.changes)} changes, ${String(history.changes)} told, ` +
            `${String(told?.reconnects)} watches more, ${String(told?.relists)} relists; ${done}`,
        );
      } finally {
        access.close();
        await way.tcp.close();
        await api.close();
      }
    }
    async function freshObjects(namespace: string): Promise<readonly SeenObject[]> {
      const list = await cluster.api('GET', `/api/v1/namespaces/${namespace}/pods`);
      return (list as { readonly items: readonly unknown[] }).items.map(slim);
    }
    const fresh = async (namespace: string): Promise<readonly string[]> =>
      versions(await freshObjects(namespace));

    it.concurrent.for(seeds)(
      'is ordered, whole, resumed, and ends with what a fresh list has: seed %i',
      (seed, { expect }) => run(seed, expect),
    );
  },
);

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
  it('refuses a watch that begins before what was told', () => {
    const history = new WatchHistory(new Set());
    history.record([change('added', a2)]);
    history.resume('2');
    expect(history.violations).toEqual([]);
    history.resume('1');
    expect(history.violations).toHaveLength(1);
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
