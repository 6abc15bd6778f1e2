import { createHash } from 'node:crypto';
import { Secret, type ScrapeConfig } from '../../plugin-api/index.js';

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

/** A text that two values share exactly when they are equal, secrets included. */
export function canonicalText(value: unknown): string {
  if (value instanceof Secret) return `secret ${JSON.stringify(value.reveal())}`;
  if (typeof value === 'bigint') return `${String(value)}n`;
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalText(field)}`);
  return `{${fields.join(',')}}`;
}
