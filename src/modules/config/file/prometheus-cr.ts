import { anything } from '../../../core/document/anything.js';
import { list, struct } from '../../../core/document/collections.js';
import {
  bool,
  type Decoded,
  decoder,
  nullable,
  refined,
  text,
} from '../../../core/document/decoder.js';
import { labelSelector } from './label-selector.js';
import { ownDuration } from './own-duration.js';

const selector = nullable(labelSelector);
const protocols = [
  'PrometheusProto',
  'OpenMetricsText0.0.1',
  'OpenMetricsText1.0.0',
  'PrometheusText0.0.4',
  'PrometheusText1.0.0',
];

const protocol = refined(text, (name, at) => {
  if (!protocols.includes(name)) {
    at.error('unknown scrape protocol', { hint: `use one of ${protocols.join(', ')}` });
  }
  return name;
});

const scrapeClass = decoder((at) => {
  const name = at.field('name');
  if (at.node.kind === 'mapping' && text.decode(name) === '')
    name.error('a scrape class needs a name');
  return anything.decode(at);
});

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
  scrape_interval: nullable(ownDuration),
  evaluation_interval: nullable(ownDuration),
  scrape_protocols: list(protocol),
  scrape_classes: list(scrapeClass),
  deny_fs_access_through_sms: bool,
});

export type PrometheusCrFile = Decoded<typeof prometheusCr>;
