import { xxhash64 } from '../hash/xxhash64.js';
import { sortedNames } from './compare-utf8.js';
import { isMetaLabel } from './label-names.js';
import type { LabelSet } from './label-set.js';

const encoder = new TextEncoder();
/** No UTF-8 text holds this byte, so it parts names and values without doubt. */
const separator = 0xff;

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * The `target_hash` of the Go allocator's pages: xxhash64 over `name 0xff value 0xff` of the labels after relabeling that
 * are neither `__meta_*` nor empty, sorted by name, then the job's name; as a decimal unsigned 64-bit number.
 *
 * Needs {@link loadXxhash64} to have resolved.
 *
 * @param relabeled The target's labels after relabeling.
 * @param job The job's name.
 */
export function targetHash(relabeled: LabelSet, job: string): string {
  const end = Uint8Array.of(separator);
  const parts: Uint8Array[] = [];
  for (const name of sortedNames(relabeled)) {
    const value = relabeled[name] ?? '';
    if (isMetaLabel(name) || value === '') continue;
    parts.push(encoder.encode(name), end, encoder.encode(value), end);
  }
  parts.push(encoder.encode(job));
  return xxhash64().ofBytes(concatenate(parts)).toString();
}
