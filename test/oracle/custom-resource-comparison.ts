import { describeProblem } from '../../src/core/document/problem.js';
import { Secret } from '../../src/core/document/secret.js';
import {
  decodeScrapeConfig,
  defaultGlobalConfig,
  renderScrapeConfig,
} from '../../src/core/scrape-config/index.js';
import type { DrawnResource } from './custom-resource-arbitrary.js';
import { conversionOf } from './custom-resource-conversion.js';
import { type Data, without } from './custom-resource-draw.js';
import type { World } from './custom-resource-world.js';
import type { Oracle } from './oracle.js';

/** A resource and all that its meaning depends on. */
export interface Case {
  readonly resource: DrawnResource;
  readonly world: World;
  readonly spec: Data;
}

/** What prometheus-operator says of it. */
export interface Verdict {
  readonly accepted: boolean;
  readonly by?: 'types' | 'spec' | 'selector' | 'generator' | 'panic';
  readonly reason?: string;
  readonly document?: string;
  readonly parsed?: Document;
}

/** What Prometheus makes of a document. */
interface Loaded {
  readonly refused: string;
  readonly masked?: unknown;
  readonly revealed?: unknown;
  readonly unrendered?: string;
}

/** The mechanisms that Prometheus and we both decode here; the others are compared as they are generated. */
const mechanisms = new Map([
  ['file', undefined],
  ['http', undefined],
  ['kubernetes', undefined],
]);
const decoded = new Set([...mechanisms.keys()].map((name) => `${name}_sd_configs`));
const isForeign = (key: string): boolean => key.endsWith('_sd_configs') && !decoded.has(key);
/** What a job has from `global` when it does not say it; ours is complete, so that it is compared when decoded. */
const inherited =
  /^(scrape_(interval|timeout|protocols|native_histograms)|.*_limit|keep_dropped_targets|always_scrape_classic_histograms|convert_classic_histograms_to_nhcb|metric_name_.*)$/;

export function questionOf({ resource, world, spec }: Case): object {
  const { secrets, configMaps } = world;
  const { kind } = resource;
  return { kind, resource, spec, namespace: 'otel', secrets, config_maps: configMaps };
}

/** The value as plain data, its secrets shown. */
export function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** What YAML's types do not say: Prometheus reads `8080` and `"8080"` alike where it wants a text. */
function untyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(untyped);
  if (value === null) return '';
  if (typeof value !== 'object') return `${value as string | number | boolean}`; // plain data has no other scalars
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untyped(item)]));
}

/** A job without what it inherits. The kubeconfig file is the allocator's own addition. */
function generatedPart(job: Data): unknown {
  const own = Object.fromEntries(Object.entries(job).filter(([key]) => !inherited.test(key)));
  const servers = own['kubernetes_sd_configs'] as readonly Data[] | undefined; // a list of objects in both
  return untyped({
    ...own,
    ...(servers === undefined
      ? {}
      : {
          kubernetes_sd_configs: servers.map((server) =>
            server['kubeconfig_file'] === '' ? without(server, 'kubeconfig_file') : server,
          ),
        }),
  });
}

function withoutForeign(job: Data): Data {
  return without(job, ...Object.keys(job).filter(isForeign));
}

interface Document extends Data {
  readonly scrape_configs: readonly Data[] | null;
}

function jobsIn(document: Document): readonly Data[] {
  return document.scrape_configs ?? [];
}

/** What differs between prometheus-operator's answer and ours, with both; `undefined` where nothing does. */
export interface Difference {
  readonly about: string;
  readonly theirs: unknown;
  readonly ours: unknown;
}

/** Ours of each job by its name, as it is served, or why it is not. */
function decodedJobs(configs: readonly Data[]): {
  readonly problems: readonly string[];
  render(secrets: 'mask' | 'reveal'): unknown;
} {
  const results = configs.map((config) =>
    decodeScrapeConfig(withoutForeign(config), defaultGlobalConfig, {
      mechanisms,
      origin: 'the job',
    }),
  );
  const problems = results
    .flatMap((result) => result.problems)
    .filter(({ severity }) => severity === 'error')
    .map(describeProblem);
  const jobs = results.flatMap(({ config }) => (config === undefined ? [] : [config]));
  return {
    problems,
    render: (secrets) =>
      Object.fromEntries(
        jobs.map((job) => [
          job.job_name,
          JSON.parse(renderScrapeConfig(job, { secrets })) as unknown,
        ]),
      ),
  };
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortedKeys(item)]));
}

/** Asks both and says what differs. @param isUsable Whether Prometheus with all its mechanisms takes a document. */
export class Comparison {
  constructor(
    private readonly operator: Oracle,
    private readonly prometheus: Oracle,
    private readonly isUsable: (document: string) => Promise<boolean>,
  ) {}

  async difference(asked: Case): Promise<Difference | undefined> {
    const [verdict] = await this.operator.ask<Verdict>('custom_resource', [questionOf(asked)]);
    if (verdict === undefined) throw new Error('the oracle gave no answer');
    const { configs, rejected } = conversionOf(asked.resource, asked.spec, asked.world);
    if (verdict.document === undefined || verdict.parsed === undefined) {
      // What cannot be decoded never comes from an API server that knows the kind. Much of what the selector checks is
      // checked here when the jobs are read, as it is for those of the configuration file.
      const isRejected = rejected.length > 0 || decodedJobs(configs).problems.length > 0;
      if (verdict.by === 'types' || isRejected) return undefined;
      return { about: 'accepted by us', theirs: verdict, ours: configs.map(plain) };
    }
    if (rejected.length > 0) {
      if (!(await this.isUsable(verdict.document))) return undefined;
      return { about: 'rejected by us', theirs: verdict.document, ours: rejected };
    }
    const theirs = jobsIn(verdict.parsed).map(generatedPart);
    const ours = configs.map((config) => generatedPart(plain(config) as Data)); // an object stays one
    if (!isSame(theirs, ours)) return { about: 'generated', theirs, ours };
    return this.#decodedDifference(verdict.parsed, configs);
  }

  async #decodedDifference(
    document: Document,
    configs: readonly Data[],
  ): Promise<Difference | undefined> {
    const known = { ...document, scrape_configs: jobsIn(document).map(withoutForeign) };
    const [loaded] = await this.prometheus.ask<Loaded>('config', [JSON.stringify(known)]);
    const { problems, render } = decodedJobs(configs);
    if (loaded === undefined || (loaded.refused !== '') !== problems.length > 0) {
      return { about: 'taken', theirs: loaded?.refused, ours: problems };
    }
    if (loaded.refused !== '' || loaded.unrendered !== undefined) return undefined;
    for (const [secrets, theirs] of [
      ['mask', loaded.masked],
      ['reveal', loaded.revealed],
    ] as const) {
      const ours = render(secrets);
      if (!isSame(theirs, ours)) return { about: `decoded, ${secrets}ed`, theirs, ours };
    }
    return undefined;
  }
}
