import { Allocator } from '../../fixtures/allocator.js';
import { collectorNames } from './served-jobs.js';

/** The long forms of tests run where there is time. */
export const isLongRun = process.env['TARGET_ALLOCATOR_LONG_TESTS'] === '1';
export const testTimeoutMs = isLongRun ? 900_000 : 120_000;

export const jobNames = ['pods', 'slices'] as const;

export interface Job {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly object[];
}

/** A job for pods and one for endpoint slices, both with the labels of nodes. */
export function podAndSliceJobs(namespace: string): readonly Job[] {
  const common = { namespaces: { names: [namespace] }, attach_metadata: { node: true } };
  return [
    { job_name: 'pods', kubernetes_sd_configs: [{ role: 'pod', ...common }] },
    { job_name: 'slices', kubernetes_sd_configs: [{ role: 'endpointslice', ...common }] },
  ];
}

export function allocatorConfig(jobs: readonly object[]): object {
  return {
    collector_source: { type: 'static', collectors: collectorNames.map((name) => ({ name })) },
    config: { scrape_configs: jobs },
  };
}

/** The allocator as a process, with an API server to discover from. */
export function startAllocator(
  kubeconfigPath: string,
  jobs: readonly object[],
  flags: readonly string[] = [],
): Promise<Allocator> {
  return Allocator.start({ config: allocatorConfig(jobs), kubeconfigPath, flags });
}
