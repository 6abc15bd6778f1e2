import type { ReadinessSource } from '../health/index.js';
import type { JobFigures } from './discovery-metrics.js';
import { inForce, type JobProviders } from './job-providers.js';
import type { Provider } from './provider.js';

type Jobs = ReadonlyMap<string, JobProviders>;

/** @param lastUpdatesMs When groups of a provider were last passed on, in milliseconds since the epoch. */
export function* figuresOf(
  jobs: Jobs,
  lastUpdatesMs: Pick<WeakMap<Provider, number>, 'get'>,
): Iterable<JobFigures> {
  for (const [job, providers] of jobs) {
    const present = inForce(providers);
    const updatesMs = present.flatMap((provider) => lastUpdatesMs.get(provider) ?? []);
    yield {
      job,
      targets: present.reduce((sum, provider) => sum + provider.targets, 0),
      lastUpdateMs: updatesMs.length === 0 ? undefined : Math.max(...updatesMs),
    };
  }
}

/** Counted by job, as Prometheus does. */
export function failedConfigsOf(jobs: Jobs): number {
  return [...jobs.values()]
    .flatMap(({ wanted }) => wanted)
    .filter(({ failure }) => failure !== undefined).length;
}

export function* readinessSourcesOf(jobs: Jobs): Iterable<ReadinessSource> {
  for (const [job, { wanted }] of jobs) {
    for (const provider of wanted) {
      yield {
        name: `discovery/${provider.sd.mechanism}:${job}`,
        status: () => provider.status(),
      };
    }
  }
}
