import { Allocator } from '../../fixtures/allocator.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { collectorNames } from './served-jobs.js';

export const testTimeoutMs = isLongRun ? 900_000 : 120_000;

export const jobNames = ['pods', 'slices'] as const;

export interface Job {
  readonly job_name: string;
  readonly kubernetes_sd_configs: readonly object[];
}

/**
 * A job for pods and one for endpoint slices, both with the labels of nodes.
 *
 * @param server Which API server, and how it is spoken to.
 */
export function podAndSliceJobs(namespace: string, server: object = {}): readonly Job[] {
  const common = { ...server, namespaces: { names: [namespace] }, attach_metadata: { node: true } };
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
  settings: object = {},
): Promise<Allocator> {
  return Allocator.start({
    config: { ...allocatorConfig(jobs), ...settings },
    kubeconfigPath,
    flags,
  });
}
