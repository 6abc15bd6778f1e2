import { createHash } from 'node:crypto';
import { canonicalText } from '../../core/document/canonical-text.js';
import type { ScrapeConfig } from '../../plugin-api/index.js';
import type { NetworkPolicy } from '../http-client/index.js';

/** One service discovery of a job, as configured. */
export interface SdConfig {
  /** `static`, or the `<mechanism>` of `<mechanism>_sd_configs`. */
  readonly mechanism: string;
  readonly config: unknown;
  /** The same for equal ones, secrets included. A hash, because the text can be long and secret. */
  readonly identity: string;
  /** What it may not connect to; absent: it may reach everything. */
  readonly network?: NetworkPolicy;
}

const blockName = /^(.+)_sd_configs$/;

/**
 * The service discoveries of a job, in the order of the document. All `static_configs` of a job are one, as in
 * Prometheus; those that equal another one of the job are left out. Equal ones that may not reach the same are not the same.
 */
function sdConfigsOf(job: ScrapeConfig, network?: NetworkPolicy): readonly SdConfig[] {
  const found = new Map<string, SdConfig>();
  const add = (mechanism: string, config: unknown): void => {
    const restriction = network === undefined ? '' : ` past ${network.identity}`;
    const text = `${mechanism} ${canonicalText(config)}${restriction}`;
    const identity = createHash('sha256').update(text).digest('base64url');
    const sd = { mechanism, config, identity };
    found.set(identity, network === undefined ? sd : { ...sd, network });
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

/** The service discoveries of jobs, found out once for each. */
export class KnownSdConfigs {
  readonly #known = new WeakMap<ScrapeConfig, Found>();

  of(job: ScrapeConfig, network: NetworkPolicy | undefined): readonly SdConfig[] {
    const known = this.#known.get(job);
    if (known !== undefined && known.network === network) return known.found;
    const found = sdConfigsOf(job, network);
    this.#known.set(job, { network, found });
    return found;
  }
}

interface Found {
  readonly network: NetworkPolicy | undefined;
  readonly found: readonly SdConfig[];
}
