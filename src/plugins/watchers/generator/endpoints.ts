import type { SpecValue } from './spec-value.js';

/** All jobs of one resource may have about as much text as this, in UTF-16 units. */
const mostText = 16 * 1024 * 1024;
/** What the generated rules of a job have at least. */
const textOfJob = 4 * 1024;

/**
 * The endpoints of a monitor. Each becomes a job that repeats what the monitor says for all of them, so a small resource
 * could ask for gigabytes: that is rejected.
 */
export function endpointsOf(spec: SpecValue, field: string): readonly SpecValue[] {
  const endpoints = spec.field(field);
  const items = endpoints.items();
  if (items.length < 2) return items;
  const shared = spec.entries().reduce((sum, [key, { value }]) => {
    return key === field ? sum : sum + textLength(value);
  }, textOfJob);
  if (shared * items.length <= mostText) return items;
  endpoints.reject(`${String(items.length)} jobs of this size are too many; split the resource`);
  return [];
}

/** Every text and number in it, however it is nested. */
function textLength(value: unknown): number {
  let length = 0;
  const open: unknown[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item === 'string') length += item.length;
    else if (typeof item === 'object' && item !== null) {
      for (const [key, child] of Object.entries(item)) {
        length += key.length + 8;
        open.push(child ?? '');
      }
    }
  }
  return length;
}
