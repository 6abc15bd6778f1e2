import { join } from 'node:path';

/** The Go allocator's defaults (cmd/otel-allocator/internal/config/config.go), then ours. */
export const defaultConfigFile = '/conf/targetallocator.yaml';
export const defaultListenAddr = ':8080';
export const defaultHttpsListenAddr = ':8443';
export const defaultAllocationStrategy = 'consistent-hashing';
export const defaultFilterStrategy = 'relabel-config';
export const defaultNotReadyGracePeriodMs = 30_000;
export const defaultCrScrapeIntervalMs = 30_000;
export const defaultCrScrapeProtocols = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
] as const;
export const defaultReaderIntervalMs = 60_000;
export const defaultReaderTimeoutMs = 30_000;

export const defaultCollectorSource = 'kubernetes';
/** Where clouds serve the credentials of their machines (169.254.169.254). */
export const linkLocalNetworks: readonly string[] = ['169.254.0.0/16', 'fe80::/10'];
export const defaultStartupTimeoutMs = 60_000;
/** Targets of that time are mostly still there; older ones are not told. */
export const defaultStateMaxAgeMs = 3_600_000;
export const defaultLeaseName = 'target-allocator';
/** With pods behind a Service: its endpoints lag behind readiness by some seconds. */
export const defaultShutdownDelayInKubernetesMs = 5_000;

export function defaultKubeConfigFilePath(homeDirectory: string): string {
  return join(homeDirectory, '.kube', 'config');
}
