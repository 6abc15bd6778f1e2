/** The word that was probably meant; `undefined`: none of them is close. */
export function closestWord(written: string, words: readonly string[]): string | undefined {
  const most = Math.ceil(written.length / 3);
  const ranked = words
    .map((word) => ({ word, distance: distance(written, word) }))
    .filter((one) => one.distance <= most)
    .toSorted((a, b) => a.distance - b.distance);
  return ranked[0]?.word;
}

/** How many letters have to be added, taken away or changed. */
function distance(from: string, to: string): number {
  let former = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const isSame = from[row - 1] === to[column - 1];
      const changed = (former[column - 1] ?? 0) + (isSame ? 0 : 1);
      const added = (current[column - 1] ?? 0) + 1;
      const removed = (former[column] ?? 0) + 1;
      current.push(Math.min(changed, added, removed));
    }
    former = current;
  }
  return former[to.length] ?? 0;
}
