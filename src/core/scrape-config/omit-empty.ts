import { Secret } from '../document/secret.js';

/** What is left of an object when empty fields are left out. */
export type WithoutEmpty<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

/**
 * Leaves out fields that the canonical document does not name: absent ones, empty texts, secrets, lists and maps, zero
 * and false (Go's `omitempty`). Structures stay, even when they have no field: they were written.
 */
export function omitEmpty<T extends object>(fields: T): WithoutEmpty<T> {
  const filled: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!isEmpty(value)) filled[name] = value;
  }
  return filled as WithoutEmpty<T>; // eslint-disable-line @typescript-eslint/no-unsafe-type-assertion -- the entries are those of `fields`
}

/** Whether nothing but the zero value stands in every field. */
export function isZeroStruct(fields: object): boolean {
  return Object.values(fields).every(isEmpty);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === '' || value === false) return true;
  if (value === 0 || value === 0n) return true;
  if (value instanceof Secret) return value.isEmpty;
  if (Array.isArray(value)) return value.length === 0;
  return isUserMap(value) && Object.keys(value).length === 0;
}

/** Whether the keys of an object are the user's own; structures have a prototype. */
export function isUserMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null;
}
