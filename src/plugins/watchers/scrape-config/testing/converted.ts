import { expect } from 'vitest';
import { type Conversion, type PrometheusSpec, Secret } from '../../../../plugin-api/index.js';
import { converted, lookupOf, optionsOf } from '../../testing/conversions.js';
import { scrapeConfig } from '../scrape-config.js';

type Data = Readonly<Record<string, unknown>>;

/** What surrounds the resource. */
export interface Surroundings {
  readonly prometheus?: Partial<PrometheusSpec>;
  readonly kubeconfigFile?: string;
}

const lookup = lookupOf(
  {
    'shop/creds/user': 'alice',
    'shop/creds/password': 'pass',
    'shop/creds/token': 't0ken',
    'shop/creds/key': 'AKIA',
  },
  { 'shop/settings/id': 'client' },
);

/** Shorthand for a key of the Secret that is there. */
export function inCreds(key: string): Data {
  return { name: 'creds', key };
}

/** What the ScrapeConfig `shop/web` with that spec means. */
export function convert(
  spec: unknown,
  { prometheus, kubeconfigFile }: Surroundings = {},
): Conversion {
  return converted(scrapeConfig(optionsOf(prometheus, kubeconfigFile)), spec, lookup);
}

/** Its job, secrets as `{ secret: … }`. It must not be rejected. */
export function jobOf(spec: unknown, surroundings?: Surroundings): Data {
  const { configs, rejected } = convert(spec, surroundings);
  expect(rejected).toEqual([]);
  return Object.fromEntries(
    configs.flatMap((job) => Object.entries(job).map(([name, value]) => [name, shown(value)])),
  );
}

/** Why it is rejected; empty when it is not. */
export function rejectionsOf(spec: unknown, surroundings?: Surroundings): readonly string[] {
  return convert(spec, surroundings).rejected;
}

/** What becomes of one element of a list of service discoveries, with the name of its block. */
export function discoveryOf(list: string, entry: unknown, surroundings?: Surroundings): Data {
  const job = jobOf({ [list]: [entry] }, surroundings);
  return Object.fromEntries(
    Object.entries(job).filter(([name]) => /^static_configs$|_sd_configs$/.test(name)),
  );
}

/** Secrets show nothing of themselves, so that all would be equal. */
function shown(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item)]));
}
