const firstSurrogate = 0xd800;
const firstAfterSurrogates = 0xe000;

/**
 * Moves the UTF-16 units above the surrogates below them. UTF-8 sorts by code point; in UTF-16 the code points from
 * U+10000 on begin with a surrogate, which is smaller than the units of U+E000 to U+FFFF.
 */
function inCodePointOrder(unit: number): number {
  if (unit < firstSurrogate) return unit;
  return unit >= firstAfterSurrogates ? unit - 0x800 : unit + 0x2000;
}

/**
 * Compares two texts by their UTF-8 bytes, as Go compares and sorts strings; JavaScript's own order is that of UTF-16
 * and differs where code points above U+FFFF meet ones from U+E000 on.
 *
 * @returns A negative number, 0 or a positive number, as for `Array.prototype.sort`.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return inCodePointOrder(x) - inCodePointOrder(y);
  }
  return a.length - b.length;
}

/** The names of the labels, sorted as Prometheus sorts them. */
export function sortedNames(labels: Readonly<Record<string, string>>): string[] {
  return Object.keys(labels).sort(compareUtf8);
}
