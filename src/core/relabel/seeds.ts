import type { RelabelConfig, ScrapeConfig } from '../scrape-config/model.js';

/** A label that every target of a job has when its rules begin. */
export interface Seed {
  readonly name: string;
  readonly value: string;
}

/**
 * The labels that Prometheus gives to each target of a job before its rules run: job, scheme, path, interval, timeout and
 * the first value of each parameter. A target's own label wins when it is not empty.
 *
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/scrape/target.go, `PopulateDiscoveredLabels`
 */
export function seedsOf(job: ScrapeConfig): readonly Seed[] {
  const params = Object.entries(job.params ?? {}).flatMap(([name, [value]]) =>
    value === undefined ? [] : [{ name: `__param_${name}`, value }],
  );
  return [
    { name: 'job', value: job.job_name },
    { name: '__scrape_interval__', value: job.scrape_interval },
    { name: '__scrape_timeout__', value: job.scrape_timeout },
    { name: '__metrics_path__', value: job.metrics_path },
    { name: '__scheme__', value: job.scheme },
    ...params,
  ];
}

const disableSharding = '__tmp_disable_sharding';

/**
 * The rules with sharding switched off: the Prometheus operator's rules keep only the targets of the shard in the
 * environment variable SHARD, unless this label is set. It is gone after the last rule.
 */
export function withoutSharding(rules: readonly RelabelConfig[]): readonly RelabelConfig[] {
  return [
    { target_label: disableSharding, replacement: 'true' },
    ...rules,
    { action: 'labeldrop', regex: disableSharding },
  ];
}
