import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../../plugin-api/index.js';
import { ApiStatusError } from '../../kubernetes/index.js';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { FakeLeases } from '../testing/fake-lease-store.js';
import { LeaderElection, type Leadership } from './leader-election.js';

type Verb = 'get' | 'create' | 'update';

let clock: FakeClock;
let leases: FakeLeases;
let replicas: FakeReplica[];

/** A replica that takes part, with what its API server does to it. */
class FakeReplica {
  readonly seen: Leadership['kind'][] = [];
  readonly election: LeaderElection;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  mayLead = true;
  failures = 0;

  constructor(
    name: string,
    skewMs = 0,
    public fault: (verb: Verb) => void | Promise<void> = () => undefined,
  ) {
    const skewed: Clock = {
      monotonicMs: () => clock.monotonicMs() + Math.abs(skewMs),
      epochMs: () => clock.epochMs() + skewMs,
      after: (delayMs, action) => clock.after(delayMs, action),
      sleep: (delayMs, signal) => clock.sleep(delayMs, signal),
    };
    this.election = new LeaderElection({
      store: leases.store((verb) => this.fault(verb)),
      self: { identity: name, url: `http://${name}:8080` },
      clock: skewed,
      random: () => 0.5,
      mayLead: () => this.mayLead,
      onChange: ({ kind }) => this.seen.push(kind),
      onFailure: () => {
        this.failures += 1;
      },
    });
    this.#done = this.election.run(this.#stop.signal);
    replicas.push(this);
  }

  /** As a process that is killed: it says nothing more. */
  async kill(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  get leads(): boolean {
    return this.election.isLeading;
  }
}

beforeEach(() => {
  clock = new FakeClock();
  leases = new FakeLeases();
  replicas = [];
});
afterEach(async () => {
  await Promise.all(replicas.map((replica) => replica.kill()));
  expect(clock.pendingTimers).toBe(0);
});

const away = (): never => {
  throw new TypeError('socket hang up');
};
const never = (): Promise<void> => new Promise(() => undefined);
function forbidden(...verbs: readonly Verb[]): (verb: Verb) => void {
  return (verb) => {
    if (verbs.includes(verb)) throw new ApiStatusError(403, 'Forbidden', `cannot ${verb} leases`);
  };
}

/** Moves time on, and sees at each moment that no two lead. */
async function advance(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 100) {
    await clock.advance(100);
    expect(replicas.filter(({ leads }) => leads).length).toBeLessThanOrEqual(1);
  }
}

describe('an election', () => {
  it('is won by the first, whom the others follow', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    const b = new FakeReplica('b');
    await advance(60_000);
    expect([a.seen, b.seen]).toEqual([['leading'], ['following']]);
    expect(b.election.leadership).toMatchObject({ leader: 'a', url: 'http://a:8080' });
  });

  it('is won by one when all begin at the same moment', async () => {
    for (const name of ['a', 'b', 'c']) new FakeReplica(name);
    await advance(10_000);
    expect(replicas.filter(({ leads }) => leads)).toHaveLength(1);
    expect(replicas.filter(({ seen }) => seen.at(-1) === 'following')).toHaveLength(2);
  });

  it('goes to another one within twenty seconds when the holder says nothing more', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    const b = new FakeReplica('b');
    await advance(31_000);
    await a.kill();
    replicas = [b];
    await advance(10_000);
    expect(b.leads).toBe(false);
    await advance(10_000);
    expect(b.leads).toBe(true);
    expect(b.election.observed?.lease.transitions).toBe(1);
  });

  it.each([3_600_000, -3_600_000])(
    'does not believe clocks: one that is %d ms apart changes nothing',
    async (skewMs) => {
      const a = new FakeReplica('a', skewMs);
      await advance(100);
      const b = new FakeReplica('b');
      await advance(60_000);
      expect([a.leads, b.leads]).toEqual([true, false]);
    },
  );

  it('leaves it to others to lead as long as a replica does not know its targets', async () => {
    const a = new FakeReplica('a');
    a.mayLead = false;
    await advance(20_000);
    expect([leases.object, a.seen]).toEqual([undefined, []]);
    a.mayLead = true;
    await advance(5_000);
    expect(a.leads).toBe(true);
  });

  it('is given back at the end, and taken at once by who is told', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    const b = new FakeReplica('b');
    await advance(5_000);
    const given = a.election.giveUp();
    await clock.advance(0);
    await given;
    expect([a.leads, leases.holder]).toEqual([false, '']);
    b.election.hurry();
    await advance(1_000);
    expect(b.leads).toBe(true);
    await advance(30_000);
    expect(a.seen).toEqual(['leading', 'vacant', 'following']);
  });

  it('ends within a bound when the Lease cannot be given back', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    a.fault = away;
    const given = a.election.giveUp();
    await clock.advance(2_000);
    await given;
    expect(a.leads).toBe(false);
  });
});

describe('a leader', () => {
  it('stays one over lost renewals, and over others who change the Lease', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    a.fault = away;
    await advance(8_000);
    expect(a.leads).toBe(true);
    a.fault = () => undefined;
    await advance(2_000);
    leases.touch();
    await advance(30_000);
    expect(a.seen).toEqual(['leading']);
  });

  it.each([
    ['refuses connections', away],
    ['does not answer', never],
  ])('leads no more before another one may, when the API server %s', async (_, fault) => {
    const a = new FakeReplica('a');
    await advance(100);
    const b = new FakeReplica('b');
    await advance(10_000);
    a.fault = fault;
    await advance(13_000);
    expect([a.leads, b.leads]).toEqual([false, false]);
    await advance(10_000);
    expect(b.leads).toBe(true);
    a.fault = () => undefined;
    await advance(10_000);
    expect(a.seen).toEqual(['leading', 'vacant', 'following']);
  });

  it('knows that it does not lead any more when its process was stopped for a while', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    expect(a.leads).toBe(true);
    clock.advanceSync(10_000);
    expect(a.leads).toBe(false);
  });

  it('makes the Lease anew when somebody has deleted it', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    leases.object = undefined;
    await advance(5_000);
    expect([a.leads, leases.holder]).toEqual([true, 'a']);
  });

  it('follows when somebody else has taken the Lease', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    leases.object = {
      metadata: { resourceVersion: '77' },
      spec: { holderIdentity: 'z', leaseDurationSeconds: 3600 },
    };
    await advance(2_500);
    expect(a.election.leadership).toEqual({ kind: 'following', leader: 'z', url: undefined });
    // No holder keeps everybody waiting for an hour.
    await advance(70_000);
    expect(a.leads).toBe(true);
  });
});

describe('without a right', () => {
  it.each<readonly [Verb]>([['get'], ['create']])(
    '%s nobody leads, until it comes',
    async (verb) => {
      const a = new FakeReplica('a', 0, forbidden(verb));
      await advance(30_000);
      expect(a.seen).toEqual(['refused']);
      expect(leases.writes).toBe(0);
      a.fault = () => undefined;
      await advance(10_000);
      expect(a.leads).toBe(true);
    },
  );

  it('to update the leader leads no more, and a refusal counts only when it lasts', async () => {
    const a = new FakeReplica('a');
    await advance(100);
    a.fault = forbidden('update');
    await advance(5_000);
    a.fault = () => undefined;
    await advance(5_000);
    expect(a.seen).toEqual(['leading']);
    a.fault = forbidden('update', 'get');
    await advance(20_000);
    expect(a.seen).toEqual(['leading', 'refused']);
  });
});
