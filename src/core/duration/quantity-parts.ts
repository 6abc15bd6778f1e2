/** One number with its unit, as durations and sizes are made of: `1.5h`. */
export interface QuantityPart {
  /** Digits before the point. */
  readonly whole: string;
  /** Digits after the point. */
  readonly fraction: string;
  /** Everything up to the next digit or point. */
  readonly unit: string;
}

/** More digits than any quantity needs; reading them takes time that grows faster than their number. */
export const longestNumber = 100;

/** Splits an unsigned quantity into its parts; `undefined` when a part has no digit (or far too many), or there is no part. */
export function quantityParts(text: string): readonly QuantityPart[] | undefined {
  const parts: QuantityPart[] = [];
  for (const match of text.matchAll(/([0-9]*)(?:\.([0-9]*))?([^0-9.]*)/gy)) {
    const [all, whole = '', fraction = '', unit = ''] = match;
    if (all === '') break;
    const digits = whole.length + fraction.length;
    if (digits === 0 || digits > longestNumber) return undefined;
    parts.push({ whole, fraction, unit });
  }
  return parts.length === 0 ? undefined : parts;
}
