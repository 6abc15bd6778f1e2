import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { eventually } from '../../../../test/fixtures/eventually.js';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import { HeapRoomError } from '../target-groups/heap-room.js';
import { fileDiscovery } from './file-discovery.js';

const heap = vi.hoisted(() => ({ isFull: true }));
vi.mock('../target-groups/heap-room.js', async (original) => ({
  ...(await original<object>()),
  assertHeapRoom: () => {
    if (heap.isFull) throw new HeapRoomError(512 * 1024 * 1024);
  },
}));

it('takes a file for which there was no memory as soon as there is, untouched as it is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'file-sd-'));
  const groups = Array.from({ length: 2_000 }, (_, i) => ({ targets: [`h${String(i)}:1`] }));
  writeFileSync(join(folder, 'a.json'), JSON.stringify(groups));
  const context = testContext();
  const stop = new AbortController();
  const counts: number[] = [];
  const source = fileDiscovery.create({ files: [join(folder, '*.json')] }, context);
  const done = source.run((emitted) => counts.push(emitted.length), stop.signal);
  // What is broken at the start is tried for five seconds before the others are told of.
  await eventually(
    'the first answer',
    async () => {
      await context.clock.advance(250);
      return counts.length > 0 ? true : undefined;
    },
    { everyMs: 5 },
  );
  expect(counts).toEqual([0]);
  heap.isFull = false;
  await eventually(
    'the file',
    async () => {
      await context.clock.advance(500);
      return counts.length > 1 ? true : undefined;
    },
    { everyMs: 5 },
  );
  expect(counts).toEqual([0, 2_000]);
  // It did not take the refresh at five minutes.
  expect(context.clock.monotonicMs()).toBeLessThan(120_000);
  stop.abort();
  await done;
  rmSync(folder, { recursive: true });
});
