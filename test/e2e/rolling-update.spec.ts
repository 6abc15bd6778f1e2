import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cluster, isClusterAvailable } from '../fixtures/cluster/cluster.js';
import { isLongRun } from '../fixtures/long-run.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { leaderAmong, WorldReplica } from '../integration/replicas/replica-world.js';
import { refreshIntervalMs, RollingWorld, scrapeIntervalMs } from './rolling-world.js';
import { longestDoubleMs, longestGapMs, movesBySecond, scrapersByTarget } from './scrape-window.js';

/**
 * Two replicas are replaced one after the other, again and again, while three real collectors scrape what they are told
 * to: what counts is what the targets see. The inputs never change, so no target has a reason to move.
 */
const otelcol = realPart('otelcol') ?? '';

const targetCount = 300;
const longestAllowedGapMs = 2 * scrapeIntervalMs;
/** Collectors act on what they hear within 5 s. */
const aftermathMs = refreshIntervalMs + 5_000;
/** The lease of a leader that was killed runs out first. */
const takenOverMs = 30_000;
/** All replicas are replaced at least once. */
const updateForMs = isLongRun ? 600_000 : 0;
/** The build of an older version, to go from it to this one and back again and again; else all replicas are of this one. */
const oldDist = process.env['TARGET_ALLOCATOR_OLD_DIST'];
/** The default in Kubernetes. */
const lameduck = '--shutdown-delay=5s';

describe.skipIf(!isClusterAvailable || otelcol === '')(
  'a rolling update of two replicas under three real collectors',
  { timeout: updateForMs + 240_000 },
  () => {
    let cluster: Cluster;

    beforeAll(async () => {
      cluster = await Cluster.start();
    });
    afterAll(async () => {
      await cluster.stop();
    });

    async function inWorld(
      strategy: string,
      flags: readonly string[],
      run: (world: RollingWorld) => Promise<void>,
    ): Promise<void> {
      const options = {
        cluster,
        namespace: strategy,
        strategy,
        targets: targetCount,
        otelcol,
        oldDist,
      };
      const world = await RollingWorld.start({ ...options, flags: [lameduck, ...flags] });
      try {
        await run(world);
      } finally {
        await world.stop();
      }
    }

    it.concurrent('moves, misses and doubles nothing with consistent-hashing', () =>
      inWorld('consistent-hashing', [], async (world) => {
        await expectNothingHappens(world, () => keepUpdating(world));
      }),
    );

    it.concurrent('nor with least-weighted and a leader, also when that is killed', () =>
      inWorld('least-weighted', ['--leader-elect'], async (world) => {
        await expectNothingHappens(world, async () => {
          await keepUpdating(world);
          await killLeader(world);
        });
      }),
    );
  },
);

/** Replaces replicas until the time is over, and all of them at least once. */
async function keepUpdating(world: RollingWorld): Promise<void> {
  const first = [...world.replicas];
  const untilMs = performance.now() + updateForMs;
  while (performance.now() < untilMs || world.replicas.some((one) => first.includes(one))) {
    await world.replaceOldest();
    // All collectors ask once in between.
    await sleep(refreshIntervalMs);
  }
}

/** Kills the leader; it starts anew as under a kubelet, and the other one leads. */
async function killLeader(world: RollingWorld): Promise<void> {
  const replicas = world.replicas.map((replica) => new WorldReplica(replica, undefined));
  const leader = await leaderAmong(replicas, takenOverMs);
  await leader.allocator.program.kill();
  world.restart(leader.allocator);
  expect(await leaderAmong(replicas, takenOverMs)).not.toBe(leader);
  await leader.allocator.waitUntilReady();
}

/** Judges by what the targets saw from a settled state until collectors have had the time to act on all of it. */
async function expectNothingHappens(
  world: RollingWorld,
  happen: () => Promise<void>,
): Promise<void> {
  await world.settled();
  const fromMs = performance.now();
  await happen();
  await sleep(aftermathMs);
  const toMs = performance.now();
  const codes = await Promise.all(world.ended);
  const scrapes = world.witness.since(fromMs);
  const seen = {
    longestGapMs: Math.round(longestGapMs(scrapes, targetCount, { fromMs, toMs })),
    longestDoubleMs: Math.round(longestDoubleMs(scrapes, targetCount, longestAllowedGapMs)),
    moved: scrapersByTarget(scrapes, targetCount).filter(({ size }) => size !== 1).length,
    refused: world.service.refusedSince(fromMs),
  };
  const seconds = String(Math.round((toMs - fromMs) / 1_000));
  console.log(`${String(codes.length)} replicas replaced in ${seconds} s: ${JSON.stringify(seen)}`);
  if (seen.moved > 0) console.log(movesBySecond(scrapes), world.decisionLog);
  expect(seen.longestGapMs).toBeLessThanOrEqual(longestAllowedGapMs);
  expect(seen.longestDoubleMs).toBeLessThanOrEqual(refreshIntervalMs);
  expect(seen).toMatchObject({ moved: 0, refused: 0 });
  expect(new Set(codes)).toEqual(new Set([0]));
  // Kept-alive connections stay where they are, so that one of the two may have none.
  const connections = world.replicas.map((replica) => world.service.connectionsTo(replica));
  expect(Math.max(...connections), 'collectors asked those that came').toBeGreaterThan(0);
}
