import { getHeapStatistics } from 'node:v8';
import type { Clock } from '../../../plugin-api/index.js';
import { freeGarbage } from './garbage.js';

/**
 * How full of its limit the heap may be for new input to be taken; the rest is for answers and for collecting garbage. V8
 * gives up when it is fuller than this and collecting garbage takes most of the time.
 */
const FULL = 0.8;
/** The part of V8's limit that only young objects can have: three times its largest young space, by default. */
const YOUNG_BYTES = 48 * 1024 * 1024;

/** There is no memory for new input; the last good one stays. */
export class HeapRoomError extends Error {
  readonly code = 'TA_MEMORY_SHORT';

  constructor(limitBytes: number) {
    const limit = String(Math.round(limitBytes / (1024 * 1024)));
    super(
      `TA_MEMORY_SHORT: these targets are not read, because with them the heap would come near to its limit of ${limit} MiB; ` +
        'raise it (--max-old-space-size, and the memory limit of the container), or discover less',
    );
    this.name = 'HeapRoomError';
  }
}

/**
 * Keeps new input from filling the heap, which would end the process and with it the targets that are known. To be asked
 * from time to time while input is read. Nothing is refused because of garbage: that is freed before.
 *
 * @param bytes What is still to come: for what is being read, and for what is made of it.
 * @throws HeapRoomError
 */
export function assertHeapRoom(bytes: number): void {
  if (hasRoom(bytes)) return;
  if (freeGarbage(performance.now()) && hasRoom(bytes)) return;
  throw new HeapRoomError(getHeapStatistics().heap_size_limit);
}

function hasRoom(bytes: number): boolean {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const oldBytes = heap_size_limit - Math.min(YOUNG_BYTES, heap_size_limit / 3);
  return used_heap_size + bytes < FULL * oldBytes;
}

/** Shorter input is read at once: of all that is read at the same time it is little. */
const LONG_BYTES = 1024 * 1024;
/** One that is read for longer (from a file system that hangs, say) no longer keeps the others waiting. */
const LONGEST_TURN_MS = 10_000;

let lastTurn: Promise<unknown> = Promise.resolve();

/**
 * Reads long input when no other long input is being read. So less memory is taken at the same time; and where it is
 * short it is enough for some of the input, when everything at once would fail together.
 */
export async function inTurn<T>(
  inputBytes: number,
  clock: Clock,
  read: () => Promise<T>,
): Promise<T> {
  if (inputBytes < LONG_BYTES) return read();
  const turn = lastTurn.then(() => {
    const over = new AbortController();
    const reading = read().finally(() => {
      over.abort();
    });
    return { reading, end: clock.sleep(LONGEST_TURN_MS, over.signal) };
  });
  lastTurn = turn.then(({ end }) => end);
  return (await turn).reading;
}
