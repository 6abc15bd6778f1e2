import type { CustomResource, PrometheusSpec, WatcherOptions } from '../../../plugin-api/index.js';
import {
  convertResource,
  type JobDocument,
  type Policy,
  policyOf,
  type ResourceInput,
} from '../generator/convert-resource.js';
import type { DocumentFields } from '../generator/document-fields.js';
import { namespaceRules } from '../generator/namespace-enforcement.js';
import { type RelabelRule, relabelings } from '../generator/relabelings.js';
import type { ScrapeClass } from '../generator/scrape-class.js';
import type { SpecValue } from '../generator/spec-value.js';
import { checkAuthentication } from './discovery/client.js';
import { discoveryBlocks } from './discovery/discovery-blocks.js';
import type { SdMechanism } from './discovery/mechanism.js';
import { sdMechanisms } from './discovery/mechanisms.js';
import { connectionFields, scrapeFields } from './scrape-config-job.js';

const plural = 'scrapeconfigs';

/**
 * A ScrapeConfig becomes one job with any mix of service discoveries.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, pkg/prometheus/promcfg.go, `generateScrapeConfig`,
 *   and resource_selector.go, `checkScrapeConfig`
 */
export function scrapeConfig(options: WatcherOptions): CustomResource {
  const policy = policyOf(options);
  const mechanisms = sdMechanisms(options.kubeconfigFile);
  return {
    group: 'monitoring.coreos.com',
    version: 'v1alpha1',
    plural,
    kind: 'ScrapeConfig',
    convert: (resource, lookup) =>
      convertResource(resource, lookup, policy, (input) => [jobOf(input, policy, mechanisms)]),
  };
}

function jobOf(
  input: ResourceInput,
  { spec: prometheus, scrapeClasses }: Policy,
  mechanisms: readonly SdMechanism[],
): JobDocument {
  const { namespace, name, spec, references } = input;
  const scrapeClass = scrapeClasses.of(spec.field('scrapeClass'));
  const connection = connectionFields(spec, scrapeClass, references);
  checkAuthentication(connection, spec);
  return {
    job_name: `scrapeConfig/${namespace}/${name}`,
    ...scrapeFields(spec, prometheus),
    ...connection,
    ...discoveryBlocks(mechanisms, spec, references),
    ...ruleFields(input, scrapeClass, prometheus),
  };
}

function ruleFields(
  { namespace, name, spec }: ResourceInput,
  scrapeClass: ScrapeClass,
  prometheus: PrometheusSpec,
): DocumentFields {
  const enforced = namespaceRules({ namespace, name, plural }, prometheus);
  const own = relabelings(spec.field('relabelings'));
  const ofSamples = [
    ...scrapeClass.metricRelabelings,
    ...relabelings(spec.field('metricRelabelings')),
    ...enforced,
  ];
  return {
    relabel_configs: [
      { source_labels: ['job'], target_label: '__tmp_prometheus_job_name' },
      ...scrapeClass.relabelings,
      ...jobNameRules(spec.field('jobName')),
      // The operator enforces nothing on the targets of a resource that has no rules of its own.
      ...(own.length === 0 ? [] : [...own, ...enforced]),
    ],
    ...(ofSamples.length === 0 ? {} : { metric_relabel_configs: ofSamples }),
  };
}

/** The label of that name, because the name of the job itself must be unique. */
function jobNameRules(at: SpecValue): readonly RelabelRule[] {
  const jobName = at.text();
  if (jobName === undefined) return [];
  return [{ target_label: 'job', action: 'replace', replacement: jobName }];
}
