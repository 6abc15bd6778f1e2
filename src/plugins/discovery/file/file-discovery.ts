import {
  defineServiceDiscovery,
  durationMs,
  type FileSdConfig,
  type PluginContext,
  type ServiceDiscovery,
} from '../../../plugin-api/index.js';
import { FileLoop } from './file-loop.js';

const DEFAULT_REFRESH = '5m';

/**
 * Target groups from JSON and YAML files, read again when their folders change and at every refresh interval.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#file_sd_config
 */
export const fileDiscovery = defineServiceDiscovery<FileSdConfig>({
  name: 'file',
  stability: 'stable',
  create: (config: FileSdConfig, context: PluginContext): ServiceDiscovery => {
    const refreshMs = durationMs(config.refresh_interval ?? DEFAULT_REFRESH);
    return {
      run: (emit, signal) => new FileLoop(config.files, refreshMs, context).run(emit, signal),
    };
  },
});
