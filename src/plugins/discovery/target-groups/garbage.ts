import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** A full collection stops everything for a while: in a heap of 512 MiB for half a second. */
const LEAST_INTERVAL_MS = 10_000;
/** Sooner only when there is so much more in the heap than after the last collection, as a part of its limit. */
const LEAST_GROWTH = 1 / 32;

let lastMs = Number.NEGATIVE_INFINITY;
let usedAfterLast = 0;
let collect: (() => void) | undefined;

/**
 * Frees all garbage at once. V8 lets it lie until the heap is near to its limit, so that what is used tells little about
 * what is needed. At most every ten seconds unless the heap has grown much since, so that input that never fits does not
 * keep the process busy.
 *
 * @param nowMs On a monotonic clock.
 * @returns Whether it was done.
 */
export function freeGarbage(nowMs: number): boolean {
  const { used_heap_size, heap_size_limit } = getHeapStatistics();
  const hasGrown = used_heap_size - usedAfterLast >= LEAST_GROWTH * heap_size_limit;
  if (nowMs - lastMs < LEAST_INTERVAL_MS && !hasGrown) return false;
  collect ??= collector();
  collect();
  lastMs = nowMs;
  usedAfterLast = getHeapStatistics().used_heap_size;
  return true;
}

/** V8 gives its collector only to contexts that are made while this flag is set. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const found: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof found === 'function'
    ? () => {
        Reflect.apply(found, undefined, []);
      }
    : () => undefined;
}
