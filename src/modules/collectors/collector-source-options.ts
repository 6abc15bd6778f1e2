import type { AllocatorConfig } from '../config/index.js';

/**
 * The options that the configured collector source is made with. The Go allocator's own keys (`collector_selector`,
 * `collector_namespace`, `collector_not_ready_grace_period`) are those of the source `kubernetes`.
 */
export function collectorSourceOptions(config: AllocatorConfig): Readonly<Record<string, unknown>> {
  const { type, options } = config.collectorSource;
  if (type !== 'kubernetes') return options;
  return {
    selector: config.collectorSelector,
    namespace: config.collectorNamespace,
    notReadyGracePeriodMs: config.collectorNotReadyGracePeriodMs,
    ...options,
  };
}
