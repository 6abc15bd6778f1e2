import { Secret } from './secret.js';

/**
 * Whether two values of plain data say the same, secrets by their texts. The order of keys does not count, a key whose
 * value is `undefined` counts as absent.
 */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  return isObject(a) && isObject(b) && areSameObjects(a, b);
}

function areSameObjects(a: object, b: object): boolean {
  if (a instanceof Secret) return b instanceof Secret && a.equals(b);
  if (Array.isArray(a)) return Array.isArray(b) && areSameItems(a, b);
  return !(b instanceof Secret) && !Array.isArray(b) && areSameFields(a, b);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function areSameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => isSameValue(item, b[index]));
}

function areSameFields(a: object, b: object): boolean {
  const own = presentFields(a);
  const others = new Map(presentFields(b));
  return (
    own.length === others.size &&
    own.every(([key, value]) => others.has(key) && isSameValue(value, others.get(key)))
  );
}

function presentFields(value: object): (readonly [string, unknown])[] {
  return Object.entries(value).filter(([, field]) => field !== undefined);
}
