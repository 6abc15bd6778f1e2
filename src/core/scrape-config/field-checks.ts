import type { Cursor } from '../document/cursor.js';
import { Secret } from '../document/secret.js';

/** Whether a text or secret was given and is not empty. */
export function isSet(value: unknown): boolean {
  return value instanceof Secret ? !value.isEmpty : value !== undefined && value !== '';
}

/** Reports when more than one of the fields, each a way to say the same, is set. */
export function checkAtMostOne(
  at: Cursor,
  names: readonly string[],
  input: Readonly<Record<string, unknown>>,
): void {
  const set = names.filter((name) => isSet(input[name]));
  if (set.length > 1) {
    at.error(`at most one of ${names.join(', ')} may be set, here are ${set.join(' and ')}`);
  }
}
