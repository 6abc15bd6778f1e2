import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { OwnersView } from '../../core/allocation/decisions.js';
import type { AllocationEngine } from '../../core/allocation/engine.js';
import { digestOf } from '../../core/allocation/testing/decided-targets.js';
import { at, group, start } from '../../core/allocation/testing/engine-fixtures.js';
import { runToEnd } from '../../core/allocation/testing/histories.js';
import { leastLoaded } from '../../core/allocation/testing/strategies.js';
import { loadXxhash64 } from '../../plugin-api/index.js';
import type { AllocationService } from '../allocation/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { DigestGauge } from './digest-gauge.js';

beforeAll(loadXxhash64);

let clock: FakeClock;
let engine: AllocationEngine;
/** How often somebody has begun to read who has what. */
let reads: number;
/** How long it takes to begin. */
let readMs: number;
let isKnown: boolean;
let gauge: DigestGauge;
let targets: number;

beforeEach(() => {
  clock = new FakeClock();
  engine = start({ strategy: leastLoaded });
  targets = 0;
  change();
  reads = 0;
  readMs = 0;
  isKnown = true;
  const allocation: Partial<AllocationService> = { owners: counted(engine) };
  // It reads nothing else of it.
  gauge = new DigestGauge(allocation as AllocationService, clock, () => isKnown);
});

/** Has one more target. */
function change(): void {
  targets += 1;
  const all = Array.from({ length: targets }, (_, n) => at(`t-${String(n)}`));
  runToEnd(engine.applyGroup('p', group('g', ...all)));
}

function counted(view: OwnersView): OwnersView {
  return {
    get generation() {
      return view.generation;
    },
    job: (name) => view.job(name),
    versions: (job) => view.versions(job),
    owners: (job, collectors) => view.owners(job, collectors),
    changedJobs: (since) => {
      reads += 1;
      clock.advanceSync(readMs);
      return view.changedJobs(since);
    },
  };
}

async function pass(seconds: number): Promise<void> {
  for (let n = 0; n < seconds; n++) await clock.advance(1_000);
}

describe('the digest of who has which target', () => {
  it('is not computed before somebody asks', async () => {
    await pass(60);
    expect(reads).toBe(0);
  });

  it('is there once nothing has changed for five seconds, and is the one of every process', async () => {
    expect(gauge.read()).toBeUndefined();
    await pass(4);
    expect([gauge.read(), reads]).toEqual([undefined, 0]);
    await pass(1);
    expect(gauge.read()).toBe(digestOf(engine));
  });

  it('waits as long again when something changes', async () => {
    gauge.read();
    await pass(4);
    change();
    await pass(5);
    expect([gauge.read(), reads]).toEqual([undefined, 0]);
    await pass(1);
    expect(gauge.read()).toBe(digestOf(engine));
  });

  it('is computed after thirty seconds, however much changes', async () => {
    gauge.read();
    for (let second = 1; second < 30; second++) {
      change();
      await pass(1);
    }
    expect(reads).toBe(0);
    change();
    await pass(1);
    expect(gauge.read()).toBe(digestOf(engine));
  });

  it('is computed once for all who ask', async () => {
    for (let second = 0; second < 60; second++) {
      gauge.read();
      await pass(1);
    }
    expect(reads).toBe(1);
  });

  it('is the former one until that of a change is there', async () => {
    gauge.read();
    await pass(5);
    const former = gauge.read();
    change();
    expect(gauge.read()).toBe(former);
    await pass(5);
    expect(gauge.read()).toBe(digestOf(engine));
    expect(gauge.read()).not.toBe(former);
  });

  it('leaves most of the time to others while it is computed', async () => {
    readMs = 10;
    gauge.read();
    await clock.advance(5_015);
    expect([gauge.read(), reads]).toEqual([undefined, 1]);
    await clock.advance(100);
    expect(gauge.read()).toBe(digestOf(engine));
  });

  it('is neither computed nor told while it is not known who has what', async () => {
    isKnown = false;
    gauge.read();
    await pass(60);
    expect([gauge.read(), reads]).toEqual([undefined, 0]);
    isKnown = true;
    gauge.read();
    await pass(5);
    expect(gauge.read()).toBe(digestOf(engine));
    isKnown = false;
    expect(gauge.read()).toBeUndefined();
  });
});
