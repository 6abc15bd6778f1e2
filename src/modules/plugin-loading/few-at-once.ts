import { availableParallelism } from 'node:os';

/** More than there are cores take no less time together, but each takes longer. Two, so that one that hangs is not all. */
const AT_ONCE = Math.max(2, availableParallelism());

/** Runs something for each item, for few of them at a time; the results are in the order of the items. */
export async function fewAtOnce<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  // Shared: each takes the next item that nobody has taken.
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results.set(index, await run(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
