import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AllocationEngine } from '../../core/allocation/engine.js';
import { at, group, job, owners, start } from '../../core/allocation/testing/engine-fixtures.js';
import { runToEnd } from '../../core/allocation/testing/histories.js';
import { leastLoaded } from '../../core/allocation/testing/strategies.js';
import { loadXxhash64 } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { decisionAnswer } from './decisions/decision-answer.js';
import { LeaderElection } from './election/leader-election.js';
import type { Replica } from './replica.js';
import { FakeLeases } from './testing/fake-lease-store.js';
import { replicaOf } from './testing/replica-of.js';

beforeAll(loadXxhash64);

const collectors = ['a', 'b', 'c'].map((name) => ({ name, node: `node-${name}` }));

let clock: FakeClock;
let leases: FakeLeases;
let leader: AllocationEngine;
let engine: AllocationEngine;
let server: Server;
/** Of followers that wait until something happens. */
let waiting: ServerResponse[];
let election: LeaderElection;
let replica: Replica;
const stop = new AbortController();

const store = () => leases.store(() => undefined);

function give(to: AllocationEngine, ...numbers: readonly number[]): void {
  const targets = numbers.map((n) => at(`t-${String(n)}`));
  runToEnd(to.applyGroup('p', group('g', ...targets)));
}

/** Tells everything at first, and waits afterwards as a leader does to whom nothing happens. */
function serve(): Server {
  return createServer((request, response) => {
    if (request.url?.includes('since') === true) {
      waiting.push(response);
      return;
    }
    void (async () => {
      const told = { epoch: 'leader', owners: leader, view: leader };
      for await (const line of decisionAnswer(told, undefined)) response.write(line);
      response.end();
    })();
  });
}

/** The requests in between take real time, which no fake clock knows. */
async function until(isSo: () => boolean): Promise<void> {
  for (let n = 0; n < 10_000 && !isSo(); n++) await turn();
  expect(isSo()).toBe(true);
}

async function takeOver(): Promise<void> {
  const given = election.giveUp();
  await clock.advance(0);
  await given;
  for (const response of waiting) response.writeHead(503).end('this replica does not lead');
  for (let n = 0; n < 200 && !replica.isLeading; n++) {
    await turn();
    await clock.advance(1);
  }
  expect(replica.isLeading).toBe(true);
}

beforeEach(async () => {
  clock = new FakeClock();
  leases = new FakeLeases();
  waiting = [];
  leader = start({ strategy: leastLoaded, hashSeed: 1 });
  // Whoever places all of them at once places them otherwise.
  give(leader, 2);
  give(leader, 1, 2, 3, 4);
  server = serve();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // A server that listens on a port has one.
  election = new LeaderElection({
    ...{ store: store(), clock, random: () => 0.5, mayLead: () => true },
    self: { identity: 'leader', url: `http://127.0.0.1:${String(port)}` },
    onChange: () => undefined,
    onFailure: () => undefined,
  });
  void election.run(stop.signal);
  await clock.advance(100);
  engine = new AllocationEngine({ strategy: leastLoaded, hashSeed: 2 });
  runToEnd(engine.setJobs([job()]));
  replica = replicaOf(engine, store(), clock);
  await replica.prepare();
});
afterEach(async () => {
  server.closeAllConnections();
  await replica.close();
  server.close();
});

async function follow(): Promise<void> {
  replica.start({ identity: 'fresh', url: 'http://fresh:8080' });
  await clock.advance(100);
  await until(() => replica.whyUndecided() === undefined && waiting.length > 0);
  // It may look at the Lease again as soon as it hears something.
  await clock.advance(660);
}

describe('a replica that has just started and takes over', () => {
  it('moves no target whose discovery answers later', async () => {
    runToEnd(engine.setCollectors(collectors));
    await follow();
    await takeOver();
    give(engine, 1, 2, 3, 4);
    expect(owners(engine)).toEqual(owners(leader));
  });

  it('has decided targets placed as soon as it knows the collectors', async () => {
    give(engine, 1, 2, 3, 4);
    await follow();
    runToEnd(engine.setCollectors(collectors));
    expect(owners(engine)).toEqual(owners(leader));
  });

  it('moves none when it has only just learned of the collectors', async () => {
    give(engine, 1, 2, 3, 4);
    await follow();
    runToEnd(engine.setCollectors(collectors));
    await takeOver();
    expect(owners(engine)).toEqual(owners(leader));
  });

  it('decides anew about targets that come back after long', async () => {
    runToEnd(engine.setCollectors(collectors));
    await follow();
    await takeOver();
    await clock.advance(300_000);
    give(engine, 1, 2, 3, 4);
    expect(owners(engine)).not.toEqual(owners(leader));
  });
});
