import {
  parsePrometheusDuration,
  type PrometheusSpec,
  type StandardSchema,
  type WatcherOptions,
} from '../../../plugin-api/index.js';
import { checkScrapeClasses } from './check-scrape-classes.js';

/**
 * Checks what an administrator laid down and nothing before this could: the scrape classes, and that a timeout for all
 * jobs is not longer than their interval. The rest of the options comes from the host, which has checked it.
 */
export const watcherOptions: StandardSchema<WatcherOptions> = {
  '~standard': {
    version: 1,
    vendor: 'target-allocator',
    validate: (value) => {
      if (!isWatcherOptions(value)) {
        return { issues: [{ message: 'must have selection, spec and kubeconfigFile' }] };
      }
      const problems = [
        ...checkScrapeClasses(value.spec.scrapeClasses),
        ...checkTimeout(value.spec),
      ];
      if (problems.length === 0) return { value };
      return { issues: problems.map((message) => ({ message })) };
    },
  },
};

function isWatcherOptions(value: unknown): value is WatcherOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'selection' in value &&
    'spec' in value &&
    'kubeconfigFile' in value
  );
}

function checkTimeout({ scrapeTimeout = '', scrapeInterval }: PrometheusSpec): readonly string[] {
  if (scrapeTimeout === '') return [];
  const timeout = parsePrometheusDuration(scrapeTimeout);
  const interval = parsePrometheusDuration(scrapeInterval);
  if (!timeout.ok) return [`scrapeTimeout: ${timeout.message}`];
  if (!interval.ok) return [`scrapeInterval: ${interval.message}`];
  if (timeout.value <= interval.value) return [];
  return [`scrapeTimeout: ${scrapeTimeout} is longer than scrapeInterval ${scrapeInterval}`];
}
