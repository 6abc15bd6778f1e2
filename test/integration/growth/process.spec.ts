import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { ChurningWorld } from './churning-world.js';
import { expectNoGrowth, footprintOf } from './footprint.js';
import { inspectable } from './inspector.js';
import { PollingClients } from './polling-clients.js';

const minuteMs = 60_000;
/** So many minutes are lived through; with a number in GROWTH_MINUTES, and in the long form, they take as long as real ones. */
const { minutes, isRealPace } = form();
/** Until caches are full and code is compiled. */
const warmUpMinutes = 12;
/** Connections that were just closed are gone by then, and timers that they left behind. */
const calmMs = 6_000;

function form(): { readonly minutes: number; readonly isRealPace: boolean } {
  const given = Number(process.env['GROWTH_MINUTES'] ?? '0');
  return { minutes: given > 0 ? given : 60, isRealPace: given > 0 || isLongRun };
}

// What changes: see ChurningWorld. 1 % of 20,000 targets a minute, a job and a collector come and go in each.
describe('an hour of churn', () => {
  let world: ChurningWorld;
  let allocator: Allocator;
  beforeAll(async () => {
    world = await ChurningWorld.create();
    allocator = await Allocator.start({ config: world.config, env: inspectable });
    await allocator.waitUntilReady();
  });
  afterAll(async () => {
    await allocator.stop();
    await world.remove();
  });

  async function live(count: number): Promise<void> {
    const clients = PollingClients.start(allocator, world);
    for (let minute = 0; minute < count; minute++) {
      const startMs = performance.now();
      await world.passMinute(allocator);
      const restMs = startMs + minuteMs - performance.now();
      if (isRealPace) await sleep(restMs);
    }
    await clients.stop();
    expect(clients.requests).toBeGreaterThan(count);
    await sleep(calmMs);
  }

  it(
    'leaves memory, sockets, files, timers and metrics where they were after warm-up',
    async () => {
      await live(warmUpMinutes);
      const before = await footprintOf(allocator);
      await live(minutes);
      expectNoGrowth(before, await footprintOf(allocator));
    },
    (warmUpMinutes + minutes) * minuteMs * 1.2,
  );
});
