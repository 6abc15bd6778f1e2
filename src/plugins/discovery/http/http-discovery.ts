import {
  defineServiceDiscovery,
  durationMs,
  type HttpSdConfig,
  refreshSource,
  type ServiceDiscovery,
} from '../../../plugin-api/index.js';
import { TargetListClient } from './target-list-client.js';

/** It is the deadline of each request, too. */
const SHORTEST_INTERVAL_MS = 100;

/**
 * Target groups from an HTTP endpoint that answers with a JSON list of them. The last good list stays whatever goes
 * wrong; an empty list is obeyed.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/http_sd/
 */
export const httpDiscovery = defineServiceDiscovery<HttpSdConfig>({
  name: 'http',
  stability: 'stable',
  create: (config, context): ServiceDiscovery => {
    const intervalMs = Math.max(durationMs(config.refresh_interval ?? '0s'), SHORTEST_INTERVAL_MS);
    // Settings that can never work are found here, before anything runs.
    const http = context.httpClient(config);
    return {
      run: async (emit, signal) => {
        const client = new TargetListClient(config.url, intervalMs, { ...context, http });
        const source = refreshSource({
          mechanism: 'http',
          intervalMs,
          context,
          refresh: (stop) => client.refresh(stop),
        });
        try {
          await source.run(emit, signal);
        } finally {
          if (signal.aborted) await http.close();
        }
      },
    };
  },
});
