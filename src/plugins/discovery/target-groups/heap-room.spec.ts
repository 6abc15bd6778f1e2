import { getHeapStatistics } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import { assertHeapRoom, inTurn } from './heap-room.js';

const long = 2 * 1024 * 1024;

/** A reading that the test ends. */
class Reading {
  isBegun = false;
  resolve: (value: string) => void = () => undefined;
  reject: (error: Error) => void = () => undefined;

  readonly read = (): Promise<string> => {
    this.isBegun = true;
    return new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  };
}

describe('room in the heap', () => {
  it('is there for little, and not for what would fill the heap', () => {
    expect(() => {
      assertHeapRoom(0);
    }).not.toThrow();
    expect(() => {
      assertHeapRoom(0.85 * getHeapStatistics().heap_size_limit);
    }).toThrow(/TA_MEMORY_SHORT.*limit of \d+ MiB/);
  });

  it('is not taken by garbage', () => {
    const MIB = 1024 * 1024;
    const before = getHeapStatistics();
    // Of the limit, 48 MiB are for young objects only.
    const full = 0.8 * (before.heap_size_limit - 48 * MIB);
    fillWithGarbage(200 * MIB);
    expect(() => {
      assertHeapRoom(full - before.used_heap_size - 100 * MIB);
    }).not.toThrow();
  });
});

/** Objects that have grown old in the heap before they were let go. */
function fillWithGarbage(bytes: number): void {
  const kept: number[][] = [];
  for (let size = 0; size < bytes; size += 80_000) {
    kept.push(Array.from({ length: 10_000 }, (_, index) => index + 0.5));
  }
}

describe('long input', () => {
  const { clock } = testContext();
  it('is read one after the other, failures included, while short input does not wait', async () => {
    const [first, second, third, short] = [
      new Reading(),
      new Reading(),
      new Reading(),
      new Reading(),
    ] as const;
    const answers = [first, second, third].map(({ read }) => inTurn(long, clock, read));
    const shortAnswer = inTurn(100, clock, short.read);
    await clock.advance(0);
    expect([first, second, third, short].map((r) => r.isBegun)).toEqual([true, false, false, true]);
    short.resolve('short');
    first.reject(new Error('broken'));
    await expect(answers[0]).rejects.toThrow('broken');
    await clock.advance(0);
    expect([second, third].map((r) => r.isBegun)).toEqual([true, false]);
    second.resolve('b');
    await clock.advance(0);
    third.resolve('c');
    expect(await Promise.all([answers[1], answers[2], shortAnswer])).toEqual(['b', 'c', 'short']);
  });

  it('is not kept waiting for ever by one that hangs', async () => {
    const [hanging, next] = [new Reading(), new Reading()] as const;
    const answers = [hanging, next].map(({ read }) => inTurn(long, clock, read));
    await clock.advance(9_999);
    expect(next.isBegun).toBe(false);
    await clock.advance(1);
    expect(next.isBegun).toBe(true);
    hanging.resolve('a');
    next.resolve('b');
    expect(await Promise.all(answers)).toEqual(['a', 'b']);
  });
});
