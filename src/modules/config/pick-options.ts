import type { AllocatorOptions } from './allocator-options.js';
import {
  defaultAllocationStrategy,
  defaultCollectorSource,
  defaultCrScrapeIntervalMs,
  defaultFilterStrategy,
  defaultHttpsListenAddr,
  defaultKubeConfigFilePath,
  defaultListenAddr,
  defaultNotReadyGracePeriodMs,
} from './defaults.js';
import type { AllocatorFile } from './file/allocator-file.js';
import type { Choice, OptionPicker } from './option-picker.js';
import type { ConfigSources } from './overrides.js';

/** Each option as picked, with its place. */
export type PickedOptions = {
  readonly [Name in keyof Omit<AllocatorOptions, 'known'>]: Choice<AllocatorOptions[Name]>;
};

/** Picks the allocator's own options: defaults < file < environment < flags. */
export function pickOptions(
  picker: OptionPicker,
  file: AllocatorFile,
  sources: ConfigSources,
): PickedOptions {
  return {
    ...pickListening(picker, file, sources),
    ...pickHttps(picker, file, sources),
    ...pickAllocation(picker, file, sources),
    ...pickCustomResources(picker, file, sources),
  };
}

function pickListening(picker: OptionPicker, file: AllocatorFile, sources: ConfigSources) {
  const { overrides, env, homeDirectory } = sources;
  // Only exactly `true` counts in the environment, and nothing there can switch it off.
  const isInsecure = env['ALLOW_INSECURE_AUTH_SECRETS'] === 'true' ? true : undefined;
  return {
    listenAddr: picker.pick({
      flag: ['listen-addr', overrides.listenAddr],
      file: ['listen_addr', file.listen_addr],
      fallback: defaultListenAddr,
    }),
    kubeConfigFilePath: picker.pick({
      flag: ['kubeconfig-path', overrides.kubeConfigFilePath],
      file: ['kube_config_file_path', file.kube_config_file_path],
      fallback: defaultKubeConfigFilePath(homeDirectory),
    }),
    allowInsecureAuthSecrets: picker.pick({
      flag: ['allow-insecure-auth-secrets', overrides.allowInsecureAuthSecrets],
      env: ['ALLOW_INSECURE_AUTH_SECRETS', isInsecure],
      file: ['allow_insecure_auth_secrets', file.allow_insecure_auth_secrets],
      fallback: false,
    }),
  };
}

function pickHttps(picker: OptionPicker, { https = {} }: AllocatorFile, sources: ConfigSources) {
  const { overrides } = sources;
  return {
    httpsEnabled: picker.pick({
      flag: ['enable-https-server', overrides.httpsEnabled],
      file: ['https.enabled', https.enabled],
      fallback: false,
    }),
    httpsListenAddr: picker.pick({
      flag: ['listen-addr-https', overrides.httpsListenAddr],
      file: ['https.listen_addr', https.listen_addr],
      fallback: defaultHttpsListenAddr,
    }),
    httpsCaFilePath: picker.pick({
      flag: ['https-ca-file', overrides.httpsCaFilePath],
      file: ['https.ca_file_path', https.ca_file_path],
      fallback: '',
    }),
    httpsTlsCertFilePath: picker.pick({
      flag: ['https-tls-cert-file', overrides.httpsTlsCertFilePath],
      file: ['https.tls_cert_file_path', https.tls_cert_file_path],
      fallback: '',
    }),
    httpsTlsKeyFilePath: picker.pick({
      flag: ['https-tls-key-file', overrides.httpsTlsKeyFilePath],
      file: ['https.tls_key_file_path', https.tls_key_file_path],
      fallback: '',
    }),
  };
}

function pickAllocation(picker: OptionPicker, file: AllocatorFile, { env }: ConfigSources) {
  return {
    collectorNamespace: picker.pick({
      env: ['OTELCOL_NAMESPACE', env['OTELCOL_NAMESPACE']],
      file: ['collector_namespace', file.collector_namespace],
      fallback: '',
    }),
    collectorSourceType: picker.pick({
      file: ['collector_source.type', file.collector_source?.type],
      fallback: defaultCollectorSource,
    }),
    collectorNotReadyGracePeriodMs: picker.pick({
      file: ['collector_not_ready_grace_period', file.collector_not_ready_grace_period],
      fallback: defaultNotReadyGracePeriodMs,
    }),
    allocationStrategy: picker.pick({
      file: ['allocation_strategy', file.allocation_strategy],
      fallback: defaultAllocationStrategy,
    }),
    allocationFallbackStrategy: picker.pick({
      file: ['allocation_fallback_strategy', file.allocation_fallback_strategy],
      fallback: '',
    }),
    consistencyCheckIntervalMs: picker.pick({
      file: ['kubernetes.consistency_check_interval', file.kubernetes?.consistency_check_interval],
      fallback: 0,
    }),
    maxDropRatio: picker.pick({
      file: ['discovery.max_drop_ratio', file.discovery?.max_drop_ratio],
      fallback: 1,
    }),
    filterStrategy: picker.pick({
      file: ['filter_strategy', file.filter_strategy],
      fallback: defaultFilterStrategy,
    }),
  };
}

function pickCustomResources(
  picker: OptionPicker,
  { prometheus_cr: file = {} }: AllocatorFile,
  { overrides }: ConfigSources,
) {
  return {
    crEnabled: picker.pick({
      flag: ['enable-prometheus-cr-watcher', overrides.prometheusCrEnabled],
      file: ['prometheus_cr.enabled', file.enabled],
      fallback: false,
    }),
    crScrapeIntervalMs: picker.pick({
      file: ['prometheus_cr.scrape_interval', file.scrape_interval],
      fallback: defaultCrScrapeIntervalMs,
    }),
    crEvaluationIntervalMs: picker.pick({
      file: ['prometheus_cr.evaluation_interval', file.evaluation_interval],
      fallback: 0,
    }),
    crScrapeTimeoutMs: picker.pick({
      file: ['prometheus_cr.scrape_timeout', file.scrape_timeout],
      fallback: 0,
    }),
  };
}
