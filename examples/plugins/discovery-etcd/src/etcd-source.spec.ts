import type { TargetGroup } from 'target-allocator/plugin-api';
import { fakeContext, sourceContract } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { etcdSource } from './etcd-source.js';
import { FakeEtcd } from './testing/fake-etcd.js';

const MINUTE_MS = 60_000;
const one = (address: string): string => JSON.stringify([{ targets: [address] }]);

/** What a host knows after these emissions: the addresses by source. */
function known(emissions: readonly (readonly TargetGroup[])[]): Readonly<Record<string, unknown>> {
  const groups = new Map<string, readonly string[]>();
  for (const { source, targets } of emissions.flat()) {
    if (targets.length === 0) groups.delete(source);
    else
      groups.set(
        source,
        targets.map((labels) => labels['__address__'] ?? ''),
      );
  }
  return Object.fromEntries(groups);
}

sourceContract<readonly TargetGroup[]>(
  { describe, it, expect },
  {
    name: 'etcd',
    open: () => {
      const context = fakeContext();
      const etcd = new FakeEtcd();
      etcd.put('/a', one('a:1'));
      etcd.put('/b', one('b:1'));
      return {
        source: etcdSource({ clients: [etcd], refreshIntervalMs: 5 * MINUTE_MS, context }),
        removeSomething: () => {
          etcd.delete('/b');
        },
        proceed: () => context.clock.advance(1_000),
        pendingTimers: () => context.clock.pendingTimers,
      };
    },
    isComplete: (first) => first.length === 2,
    showsRemoval: (emissions) => known(emissions)['/b:0'] === undefined,
  },
);

/** A source that runs until the test ends. */
async function running(prepare: (etcd: FakeEtcd) => void = () => undefined, members = 1) {
  const context = fakeContext();
  const etcds = Array.from({ length: members }, () => new FakeEtcd());
  const [etcd = new FakeEtcd()] = etcds;
  prepare(etcd);
  const emissions: (readonly TargetGroup[])[] = [];
  const abort = new AbortController();
  const source = etcdSource({ clients: etcds, refreshIntervalMs: 5 * MINUTE_MS, context });
  const ended = source.run((groups) => emissions.push(groups), abort.signal);
  const { clock } = context;
  // Reading takes several turns of the event loop.
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await clock.advance(1);
  };
  await settle();
  const stop = async (): Promise<void> => {
    abort.abort();
    await settle();
    await ended;
  };
  return { context, etcd, etcds, emissions, settle, stop };
}

describe('the discovery etcd', () => {
  it('tells an empty prefix as an empty first set', async () => {
    const { emissions, stop } = await running();
    expect(emissions).toEqual([[]]);
    await stop();
  });

  it('tells each change once, and only what it changed', async () => {
    const { etcd, emissions, settle, stop } = await running((made) => {
      made.put('/a', JSON.stringify([{ targets: ['a:1'] }, { targets: ['a:2'] }]));
      made.put('/b', one('b:1'));
    });
    expect(known(emissions)).toEqual({ '/a:0': ['a:1'], '/a:1': ['a:2'], '/b:0': ['b:1'] });
    etcd.put('/a', one('a:1'));
    await settle();
    expect(emissions.at(-1)).toMatchObject([{ source: '/a:1', targets: [] }]);
    etcd.put('/b', one('b:1'));
    await settle();
    expect(emissions).toHaveLength(2);
    await stop();
  });

  it('names the key in a label, beside those of the group', async () => {
    const { emissions, stop } = await running((etcd) => {
      etcd.put('/a', JSON.stringify([{ targets: ['a:1'], labels: { team: 'shop' } }]));
    });
    expect(emissions[0]?.[0]?.labels).toEqual({ __meta_etcd_key: '/a', team: 'shop' });
    await stop();
  });

  it('keeps what a key had when its value cannot be read, and tells it once', async () => {
    const { context, etcd, emissions, settle, stop } = await running((made) => {
      made.put('/a', one('a:1'));
      made.put('/bad', '{');
    });
    etcd.put('/a', '[{"targets": 7}]');
    await settle();
    await context.clock.advance(5 * MINUTE_MS);
    await settle();
    expect(known(emissions)).toEqual({ '/a:0': ['a:1'] });
    const warnings = context.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings.map(({ fields }) => fields['key'])).toEqual(['/bad', '/a']);
    etcd.delete('/a');
    await settle();
    expect(known(emissions)).toEqual({});
    await stop();
  });

  it('keeps everything while etcd fails, and takes what has changed meanwhile', async () => {
    const { context, etcd, emissions, settle, stop } = await running((made) => {
      made.put('/a', one('a:1'));
      made.put('/b', one('b:1'));
    });
    etcd.fail('gone');
    await settle();
    etcd.delete('/b');
    etcd.put('/c', one('c:1'));
    await context.clock.advance(5 * MINUTE_MS);
    expect(known(emissions)).toEqual({ '/a:0': ['a:1'], '/b:0': ['b:1'] });
    const warnings = context.logger.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ fields: { error: 'ETCD_FAILED: gone' } }]);
    etcd.failure = undefined;
    await context.clock.advance(MINUTE_MS);
    expect(known(emissions)).toEqual({ '/a:0': ['a:1'], '/c:0': ['c:1'] });
    expect(context.logger.lines.at(-1)).toMatchObject({ message: 'etcd answers again' });
    await stop();
  });

  it('waits longer and longer while etcd fails', async () => {
    const { context, etcd, stop } = await running((made) => {
      made.fail('gone');
    });
    const before = etcd.ranges;
    await context.clock.advance(10 * MINUTE_MS);
    expect(etcd.ranges - before).toBeLessThan(30);
    expect(context.meter.series('failures_total')).toEqual({ '{}': etcd.ranges });
    await stop();
  });

  it('asks the next member when one fails', async () => {
    const { context, etcds, emissions, stop } = await running((first) => {
      first.fail('gone');
    }, 2);
    etcds[1]?.put('/a', one('a:1'));
    await context.clock.advance(2_000);
    expect(known(emissions)).toEqual({ '/a:0': ['a:1'] });
    await stop();
  });

  it('reads everything anew from time to time, and tells nothing when nothing differs', async () => {
    const { context, etcd, emissions, stop } = await running((made) => {
      made.put('/a', one('a:1'));
    });
    await context.clock.advance(6 * MINUTE_MS);
    expect(etcd.ranges).toBe(2);
    expect(emissions).toHaveLength(1);
    await stop();
  });
});
