import { list, struct } from '../../../core/document/collections.js';
import { bool, type Decoded, nullable, text } from '../../../core/document/decoder.js';
import { deniedNetworks } from './denied-networks.js';
import { labelSelector } from './label-selector.js';
import { prometheusSpecFields } from './prometheus-spec.js';

const selector = nullable(labelSelector);

/** `prometheus_cr:`, as far as the file says it. */
export const prometheusCr = struct({
  enabled: bool,
  allow_namespaces: list(text),
  deny_namespaces: list(text),
  secret_namespaces: list(text),
  pod_monitor_selector: selector,
  pod_monitor_namespace_selector: selector,
  service_monitor_selector: selector,
  service_monitor_namespace_selector: selector,
  scrape_config_selector: selector,
  scrape_config_namespace_selector: selector,
  probe_selector: selector,
  probe_namespace_selector: selector,
  ...prometheusSpecFields,
  deny_fs_access_through_sms: bool,
  denied_discovery_networks: deniedNetworks,
});

export type PrometheusCrFile = Decoded<typeof prometheusCr>;
