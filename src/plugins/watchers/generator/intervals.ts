import { parsePrometheusDuration } from '../../../plugin-api/index.js';
import { type DocumentFields, present } from './document-fields.js';
import type { SpecValue } from './spec-value.js';

/** Where a resource says how often and how long it is scraped. */
export interface IntervalFields {
  readonly interval: SpecValue;
  readonly timeout: SpecValue;
}

/**
 * `scrape_interval` and `scrape_timeout` of a resource. A timeout must not be longer than the interval.
 *
 * @param defaultInterval What holds when the resource names no interval.
 */
export function intervalFields(
  { interval, timeout }: IntervalFields,
  defaultInterval: string,
): DocumentFields {
  const ownInterval = filled(interval);
  const ownTimeout = filled(timeout);
  if (ownTimeout !== undefined) {
    const intervalMs = milliseconds(ownInterval ?? defaultInterval, interval);
    const timeoutMs = milliseconds(ownTimeout, timeout);
    if (intervalMs !== undefined && timeoutMs !== undefined && timeoutMs > intervalMs) {
      timeout.reject(`${ownTimeout} is longer than the interval ${ownInterval ?? defaultInterval}`);
    }
  }
  return present({ scrape_interval: ownInterval, scrape_timeout: ownTimeout });
}

function milliseconds(text: string, at: SpecValue): number | undefined {
  const parsed = parsePrometheusDuration(text);
  if (parsed.ok) return parsed.value;
  at.reject(`${JSON.stringify(text.slice(0, 120))}: ${parsed.message}`);
  return undefined;
}

function filled(at: SpecValue): string | undefined {
  const text = at.text();
  return text === '' ? undefined : text;
}
