import { anything } from '../../../core/document/anything.js';
import { struct } from '../../../core/document/collections.js';
import type { Cursor } from '../../../core/document/cursor.js';
import {
  bool,
  type Decoded,
  decoder,
  float,
  mismatch,
  nullable,
  text,
} from '../../../core/document/decoder.js';
import type { CollectorSourceConfig } from '../allocator-config.js';
import type { Environment } from '../overrides.js';
import { labelSelector } from './label-selector.js';
import { metricReaders } from './metric-readers.js';
import { ownDuration } from './own-duration.js';
import { pluginList } from './plugin-list.js';
import { prometheusCr } from './prometheus-cr.js';

const optionalText = nullable(text);
const optionalBool = nullable(bool);

const collectorSource = decoder((at): CollectorSourceConfig | undefined => {
  if (at.node.kind !== 'mapping') {
    mismatch(at, 'a mapping with a type');
    return undefined;
  }
  const type = text.decode(at.field('type')) ?? '';
  if (type === '') at.field('type').error('no type', { hint: 'write type: static, for example' });
  const options: Record<string, unknown> = {};
  for (const name of at.node.entries.keys()) {
    if (name === 'type') continue;
    const value = anything.decode(at.field(name));
    Object.defineProperty(options, name, { value, enumerable: true });
  }
  return { type, options };
});

/** The Prometheus part has a decoder of its own; here it is only found. */
const prometheusPart = decoder((at): Cursor => at);

/** The allocator's file: every key that it may have. What is absent or null is absent here. */
export function allocatorFile(env: Environment) {
  return struct({
    listen_addr: optionalText,
    kube_config_file_path: optionalText,
    collector_selector: nullable(labelSelector),
    collector_namespace: optionalText,
    collector_source: nullable(collectorSource),
    collector_not_ready_grace_period: nullable(ownDuration),
    config: prometheusPart,
    allocation_strategy: optionalText,
    allocation_fallback_strategy: optionalText,
    filter_strategy: optionalText,
    plugins: pluginList,
    prometheus_cr: prometheusCr,
    kubernetes: struct({ consistency_check_interval: nullable(ownDuration) }),
    discovery: struct({ max_drop_ratio: nullable(float) }),
    https: struct({
      enabled: optionalBool,
      listen_addr: optionalText,
      ca_file_path: optionalText,
      tls_cert_file_path: optionalText,
      tls_key_file_path: optionalText,
    }),
    telemetry: struct({ metrics: struct({ readers: metricReaders(env) }) }),
    allow_insecure_auth_secrets: optionalBool,
  });
}

export type AllocatorFile = Decoded<ReturnType<typeof allocatorFile>>;
