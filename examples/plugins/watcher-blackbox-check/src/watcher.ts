import { defineScrapeConfigSource } from 'target-allocator/plugin-api';
import { blackboxCheck } from './blackbox-check.js';
import { type BlackboxCheckOptions, optionsSchema } from './options.js';

/** The allocator knows no cluster whose resources it could watch. */
export class NoClusterError extends Error {
  readonly code = 'BLACKBOX_CHECK_NO_CLUSTER';

  constructor() {
    super(
      'BLACKBOX_CHECK_NO_CLUSTER: BlackboxChecks are resources of a Kubernetes cluster, and the allocator knows none; ' +
        'run it in a cluster or give it a kubeconfig file',
    );
    this.name = 'NoClusterError';
  }
}

/** The jobs of all selected BlackboxChecks; watching, selecting and reporting is the host's work. */
export const blackboxCheckWatcher = defineScrapeConfigSource<BlackboxCheckOptions>({
  name: 'blackbox-check',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: ({ selection }, { customResources }) => {
    if (customResources === undefined) throw new NoClusterError();
    return customResources.source(blackboxCheck, selection);
  },
});
