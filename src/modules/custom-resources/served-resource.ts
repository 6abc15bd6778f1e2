import { isSameValue } from '../../core/document/same-value.js';
import type { ResourceObject, ScrapeConfig } from '../../plugin-api/index.js';
import type { ConversionOutcome, ConvertedJob } from './conversion-outcome.js';
import type { ReferencedObject } from './referenced-values.js';
import type { ResourceStatus } from './resource-statuses.js';

/** A selected resource and what is served for it. A value: a change makes a new one. */
export interface ServedResource {
  readonly metadata: ResourceObject['metadata'];
  readonly state: ResourceStatus['state'];
  readonly reasons: readonly string[];
  /** Of a rejected resource those of its last good version. */
  readonly configs: readonly ScrapeConfig[];
  /** What its last conversion asked for. */
  readonly references: readonly ReferencedObject[];
}

/**
 * What is served for a resource after a conversion. What is rejected or not known yet leaves the last good version in
 * force, of a single forbidden job that job's. A configuration that says the same as before stays the same object, which
 * tells everyone after that there is nothing to do.
 *
 * @param former What was served for the resource of this name. One with another uid was another resource.
 */
export function nextResource(
  former: ServedResource | undefined,
  { metadata }: ResourceObject,
  outcome: ConversionOutcome,
): ServedResource {
  const own = former?.metadata.uid === metadata.uid ? former : undefined;
  const { references } = outcome;
  const kept = { metadata, references, configs: own?.configs ?? [] };
  switch (outcome.state) {
    case 'pending':
      return { ...kept, state: 'pending', reasons: [] };
    case 'rejected':
      return { ...kept, state: 'rejected', reasons: outcome.reasons };
    case 'converted': {
      const reasons = outcome.jobs.flatMap(({ reason }) => reason ?? []);
      const configs = configsOf(outcome.jobs, kept.configs);
      const state = reasons.length > 0 ? 'rejected' : 'accepted';
      return { ...kept, configs, state, reasons };
    }
  }
}

function configsOf(
  jobs: readonly ConvertedJob[],
  former: readonly ScrapeConfig[],
): readonly ScrapeConfig[] {
  const known = new Map(former.map((config) => [config.job_name, config]));
  const configs = jobs.flatMap(({ name, config }) => {
    const last = known.get(name);
    if (config === undefined) return last ?? [];
    return isSameValue(config, last) && last !== undefined ? last : config;
  });
  const isSame =
    configs.length === former.length && configs.every((config, index) => config === former[index]);
  return isSame ? former : configs;
}
