import { createHash } from 'node:crypto';
import { canonicalText } from '../../core/document/canonical-text.js';
import type { ScrapeConfig } from '../../plugin-api/index.js';

/** One service discovery of a job, as configured. */
export interface SdConfig {
  /** `static`, or the `<mechanism>` of `<mechanism>_sd_configs`. */
  readonly mechanism: string;
  readonly config: unknown;
  /** The same for equal ones, secrets included. A hash, because the text can be long and secret. */
  readonly identity: string;
}

const blockName = /^(.+)_sd_configs$/;

/**
 * The service discoveries of a job, in the order of the document. All `static_configs` of a job are one, as in
 * Prometheus; those that equal another one of the job are left out.
 */
export function sdConfigsOf(job: ScrapeConfig): readonly SdConfig[] {
  const found = new Map<string, SdConfig>();
  const add = (mechanism: string, config: unknown): void => {
    const text = `${mechanism} ${canonicalText(config)}`;
    const identity = createHash('sha256').update(text).digest('base64url');
    found.set(identity, { mechanism, config, identity });
  };
  const { static_configs: staticConfigs } = job;
  if (staticConfigs !== undefined && staticConfigs.length > 0) add('static', staticConfigs);
  for (const [key, block] of Object.entries(job)) {
    const mechanism = blockName.exec(key)?.[1];
    if (mechanism === undefined || !Array.isArray(block)) continue;
    for (const config of block) add(mechanism, config);
  }
  return [...found.values()];
}
