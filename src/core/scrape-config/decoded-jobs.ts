import { canonicalText } from '../document/canonical-text.js';
import type { Cursor } from '../document/cursor.js';
import type { GlobalConfig, ScrapeConfig } from './model.js';
import { mechanismOf, type Mechanisms } from './service-discovery.js';

/** What a job is decoded with. */
export interface DecodingContext {
  readonly global: GlobalConfig;
  readonly mechanisms: Mechanisms;
}

/**
 * The jobs of the last document by how they were written, so that what is written as before need not be decoded again, and
 * is recognised by being the same object. Only jobs without any problem are kept.
 */
export class DecodedJobs {
  #context = '';
  #former: ReadonlyMap<string, ScrapeConfig> = new Map();
  #present = new Map<string, ScrapeConfig>();

  /** Begins a new document; jobs that the last one did not have are forgotten. */
  begin({ global }: DecodingContext): void {
    const context = canonicalText(global);
    this.#former = context === this.#context ? this.#present : new Map();
    this.#context = context;
    this.#present = new Map();
  }

  /** @param decode Decodes the job; what it finds wrong goes to the cursor. */
  at(
    place: Cursor,
    { mechanisms }: DecodingContext,
    decode: () => ScrapeConfig | undefined,
  ): ScrapeConfig | undefined {
    const written = isReadHere(place, mechanisms) ? place.fingerprint : undefined;
    if (written === undefined) return decode();
    const known = this.#former.get(written);
    const problems = place.problems.length;
    const config = known ?? decode();
    if (config !== undefined && place.problems.length === problems) {
      this.#present.set(written, config);
    }
    return config;
  }
}

/** What a plugin says of its blocks may depend on more than what is written. */
function isReadHere({ keys }: Cursor, mechanisms: Mechanisms): boolean {
  return keys.every((key) => mechanisms.get(mechanismOf(key) ?? '') === undefined);
}
