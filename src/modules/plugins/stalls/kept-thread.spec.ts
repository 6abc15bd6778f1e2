import { Worker, type WorkerOptions } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/fixtures/eventually.js';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import { KeptThread } from './kept-thread.js';

/** A thread kept on a clock that stands still, and what was told of its ends. */
class Running {
  readonly clock = testContext().clock;
  readonly ends: { reason: string; waitMs: number }[] = [];
  readonly workers: Worker[] = [];
  readonly thread: KeptThread;

  constructor(script: string, options: WorkerOptions = {}) {
    this.thread = new KeptThread(
      () => {
        const worker = new Worker(script, { eval: true, ...options });
        this.workers.push(worker);
        return worker;
      },
      this.clock,
      (reason, waitMs) => this.ends.push({ reason, waitMs }),
    );
  }

  async ended(times: number): Promise<void> {
    await eventually(
      `end ${String(times)}`,
      () => (this.ends.length === times ? true : undefined),
      { everyMs: 5 },
    );
  }
}

let running: Running | undefined;
afterEach(async () => {
  await running?.thread.stop();
});

describe('a kept thread', () => {
  it.each([
    ['throws', `throw new Error('broken')`, {}, 'broken'],
    ['exits', 'process.exit(3)', {}, 'exited with 3'],
    [
      'has no memory left',
      'const all = []; for (;;) all.push(new Array(1000).fill(all.length));',
      { resourceLimits: { maxOldGenerationSizeMb: 16 } },
      'ERR_WORKER_OUT_OF_MEMORY',
    ],
  ])(
    'is there again, after longer and longer waits, when it %s',
    async (_, script, options, reason) => {
      running = new Running(script, options);
      for (const [index, waitMs] of [1_000, 2_000, 4_000, 8_000, 8_000].entries()) {
        await running.ended(index + 1);
        expect(running.ends.at(-1)).toEqual({
          reason: expect.stringContaining(reason) as string,
          waitMs,
        });
        await running.clock.advance(waitMs - 1);
        expect(running.workers).toHaveLength(index + 1);
        await running.clock.advance(1);
        expect(running.workers).toHaveLength(index + 2);
      }
    },
  );

  it('is there again when it is killed, and soon if it was well before', async () => {
    running = new Running('setInterval(() => {}, 1000)');
    for (const waitMs of [1_000, 2_000]) {
      await running.workers.at(-1)?.terminate();
      await running.clock.advance(waitMs);
    }
    await running.clock.advance(60_000);
    await running.workers.at(-1)?.terminate();
    expect(running.ends.map((end) => end.waitMs)).toEqual([1_000, 2_000, 1_000]);
  });

  it('can be stopped while it spins, and stays so', async () => {
    running = new Running('for (;;);');
    await running.thread.stop();
    await running.clock.advance(60_000);
    expect(running.ends).toEqual([]);
    expect(running.workers).toHaveLength(1);
  });
});
