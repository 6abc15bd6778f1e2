import { parsePrometheusDuration } from '../core/duration/prometheus-duration.js';
import type { PrometheusDuration } from '../core/scrape-config/model.js';

/**
 * The length of a duration of the Prometheus document (`1m30s`) in milliseconds.
 *
 * @throws RangeError for a text that is no duration; in a configuration that was decoded there is none.
 */
export function durationMs(text: PrometheusDuration): number {
  const result = parsePrometheusDuration(text);
  if (result.ok) return result.value;
  throw new RangeError(`${JSON.stringify(text)} is no duration: ${result.message}`);
}
