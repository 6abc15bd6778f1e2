import { defineCollectorSource } from '../../../plugin-api/index.js';
import { PodCollectorSource, type KubernetesCollectorsOptions } from './pod-collector-source.js';
import { readSelector } from './read-selector.js';
import { schemaOf } from '../options-reader.js';

const defaultNotReadyGracePeriodMs = 30_000;

/**
 * The pods of a namespace that a selector picks. Options: `labelSelector` as text (`app=otel,tier in (gold)`) or
 * `selector` as Kubernetes writes it (`matchLabels`, `matchExpressions`).
 */
export const kubernetesCollectors = defineCollectorSource<KubernetesCollectorsOptions>({
  name: 'kubernetes',
  stability: 'stable',
  configSchema: schemaOf((options) => {
    options.keys(['labelSelector', 'selector', 'namespace', 'notReadyGracePeriodMs']);
    return {
      labelSelector: readSelector(options),
      namespace: options.field('namespace').requiredText(),
      notReadyGracePeriodMs: options
        .field('notReadyGracePeriodMs')
        .amount(defaultNotReadyGracePeriodMs),
    };
  }),
  create: (options, context) => new PodCollectorSource(options, context),
});
