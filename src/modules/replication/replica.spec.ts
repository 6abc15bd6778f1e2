import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { engineWith } from '../../core/allocation/testing/histories.js';
import { leastLoaded } from '../../core/allocation/testing/strategies.js';
import { loadXxhash64 } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { LeaderElection } from './election/leader-election.js';
import type { Replica } from './replica.js';
import { FakeLeases } from './testing/fake-lease-store.js';
import { replicaOf } from './testing/replica-of.js';

beforeAll(loadXxhash64);

let clock: FakeClock;
let leases: FakeLeases;
let replica: Replica;

const store = () => leases.store(() => undefined);

/** Leads for a while and gives the Lease back, as a replica that ends. */
async function leadAndGoAway(): Promise<void> {
  const stop = new AbortController();
  const former = new LeaderElection({
    ...{ store: store(), clock, random: () => 0.5, mayLead: () => true },
    self: { identity: 'former', url: 'http://former:8080' },
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  const done = former.run(stop.signal);
  await clock.advance(100);
  const given = former.giveUp();
  await clock.advance(0);
  await given;
  stop.abort();
  await done;
}

beforeEach(async () => {
  clock = new FakeClock();
  leases = new FakeLeases();
  const engine = engineWith(leastLoaded, 1);
  replica = replicaOf(engine, store(), clock);
  await replica.prepare();
});
afterEach(async () => {
  await replica.close();
});

describe('a replica that has just started', () => {
  const self = { identity: 'fresh', url: 'http://fresh:8080' };

  it('leads at once where nobody has decided anything', async () => {
    replica.start(self);
    await clock.advance(100);
    expect(replica.isLeading).toBe(true);
  });

  it('leaves a Lease that was given back to those who know what was decided', async () => {
    await leadAndGoAway();
    replica.start(self);
    await clock.advance(5_000);
    expect([replica.isLeading, leases.holder]).toEqual([false, '']);
  });

  it('takes it when nobody else does', async () => {
    await leadAndGoAway();
    replica.start(self);
    for (let second = 0; second < 12; second++) await clock.advance(1_000);
    expect([replica.isLeading, leases.holder]).toEqual([true, 'fresh']);
  });
});
