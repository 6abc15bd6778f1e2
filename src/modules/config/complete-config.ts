import type { PrometheusConfig } from '../../core/scrape-config/model.js';
import type { AllocatorConfig, LabelSelector, PrometheusCrConfig } from './allocator-config.js';
import {
  defaultCollectorSource,
  defaultLeaseName,
  defaultShutdownDelayInKubernetesMs,
  defaultStartupTimeoutMs,
  defaultStateMaxAgeMs,
  linkLocalNetworks,
} from './defaults.js';
import type { AllocatorFile } from './file/allocator-file.js';
import type { PrometheusCrFile } from './file/prometheus-cr.js';
import type { ConfigSources } from './overrides.js';
import type { PickedOptions } from './pick-options.js';
import { pluginEntriesOf } from './plugin-entries.js';
import { prometheusSpecOf } from './prometheus-spec.js';

/** What a configuration is put together from. */
export interface ConfigParts {
  readonly picked: PickedOptions;
  readonly file: AllocatorFile;
  readonly prometheus: PrometheusConfig;
  readonly sources: ConfigSources;
}

const everything: LabelSelector = { matchLabels: {}, matchExpressions: [] };

/** Puts the configuration together; what is missing gets its default. */
export function completeConfig(parts: ConfigParts): AllocatorConfig {
  const { picked, file, prometheus, sources } = parts;
  const fallback = picked.allocationFallbackStrategy.value;
  return {
    configFile: sources.configFile,
    listenAddr: picked.listenAddr.value,
    kubeConfigFilePath: picked.kubeConfigFilePath.value,
    collectorSelector: file.collector_selector,
    collectorNamespace: picked.collectorNamespace.value,
    collectorNotReadyGracePeriodMs: picked.collectorNotReadyGracePeriodMs.value,
    collectorSource: file.collector_source ?? { type: defaultCollectorSource, options: {} },
    prometheus,
    allocationStrategy: picked.allocationStrategy.value,
    allocationFallbackStrategy: fallback === '' ? undefined : fallback,
    filterStrategy: picked.filterStrategy.value,
    prometheusCr: prometheusCrOf(file.prometheus_cr ?? {}, picked),
    https: {
      enabled: picked.httpsEnabled.value,
      listenAddr: picked.httpsListenAddr.value,
      caFilePath: picked.httpsCaFilePath.value,
      tlsCertFilePath: picked.httpsTlsCertFilePath.value,
      tlsKeyFilePath: picked.httpsTlsKeyFilePath.value,
    },
    kubernetes: { consistencyCheckIntervalMs: picked.consistencyCheckIntervalMs.value },
    discovery: { maxDropRatio: picked.maxDropRatio.value },
    plugins: pluginEntriesOf(file.plugins ?? [], sources),
    metricReaders: file.telemetry?.metrics?.readers ?? [],
    allowInsecureAuthSecrets: picked.allowInsecureAuthSecrets.value,
    ...settingsOfProcess(sources),
    log: sources.log,
  };
}

type SettingsOfProcess = Pick<
  AllocatorConfig,
  | 'startupTimeoutMs'
  | 'shutdownDelayMs'
  | 'stateDir'
  | 'stateMaxAgeMs'
  | 'leaderElect'
  | 'leaseName'
  | 'profileDir'
>;

/** What is no matter of the file, because it belongs to one process. */
function settingsOfProcess(sources: ConfigSources): SettingsOfProcess {
  const { overrides } = sources;
  return {
    startupTimeoutMs: overrides.startupTimeoutMs ?? defaultStartupTimeoutMs,
    shutdownDelayMs: shutdownDelayOf(sources),
    stateDir: overrides.stateDir,
    stateMaxAgeMs: overrides.stateMaxAgeMs ?? defaultStateMaxAgeMs,
    leaderElect: overrides.leaderElect ?? false,
    leaseName: overrides.leaseName ?? defaultLeaseName,
    profileDir: overrides.profileDir,
  };
}

const namespaceSelectors = {
  service_monitor_namespace_selector: everything,
  pod_monitor_namespace_selector: everything,
  probe_namespace_selector: everything,
  scrape_config_namespace_selector: everything,
};
const lists = {
  allow_namespaces: [],
  deny_namespaces: [],
  secret_namespaces: [],
  denied_discovery_networks: linkLocalNetworks,
};

function prometheusCrOf(written: PrometheusCrFile, picked: PickedOptions): PrometheusCrConfig {
  const file = { ...namespaceSelectors, ...lists, ...written };
  return {
    enabled: picked.crEnabled.value,
    allowNamespaces: file.allow_namespaces,
    denyNamespaces: file.deny_namespaces,
    secretNamespaces: file.secret_namespaces,
    serviceMonitorSelector: file.service_monitor_selector,
    serviceMonitorNamespaceSelector: file.service_monitor_namespace_selector,
    podMonitorSelector: file.pod_monitor_selector,
    podMonitorNamespaceSelector: file.pod_monitor_namespace_selector,
    probeSelector: file.probe_selector,
    probeNamespaceSelector: file.probe_namespace_selector,
    scrapeConfigSelector: file.scrape_config_selector,
    scrapeConfigNamespaceSelector: file.scrape_config_namespace_selector,
    spec: prometheusSpecOf(written, picked),
    denyFsAccessThroughSms: file.deny_fs_access_through_sms ?? false,
    deniedDiscoveryNetworks: file.denied_discovery_networks,
  };
}

/** Where endpoints have to be taken out of a Service first, requests still come for a while. */
function shutdownDelayOf({ overrides, env }: ConfigSources): number {
  if (overrides.shutdownDelayMs !== undefined) return overrides.shutdownDelayMs;
  return env['KUBERNETES_SERVICE_HOST'] === undefined ? 0 : defaultShutdownDelayInKubernetesMs;
}
