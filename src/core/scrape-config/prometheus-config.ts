import { list, present, struct } from '../document/collections.js';
import { Cursor } from '../document/cursor.js';
import { decoder, text } from '../document/decoder.js';
import { hasErrors, type Problem } from '../document/problem.js';
import { readDocumentInSteps } from '../document/read-document.js';
import { toEnd } from '../document/steps.js';
import { DecodedJobs, type DecodingContext } from './decoded-jobs.js';
import { decodeGlobalConfig } from './global-config.js';
import type { GlobalConfig, PrometheusConfig, ScrapeConfig } from './model.js';
import { refusedByCollector } from './refused-by-collector.js';
import { readScrapeConfig } from './scrape-config.js';
import { type Mechanisms, withUnknownMechanisms } from './service-discovery.js';

/** A file that `scrape_config_files` names. */
export interface ScrapeConfigFile {
  readonly path: string;
  readonly text: string;
}

/** What decoding needs to know. */
export interface DecodeOptions {
  readonly mechanisms: Mechanisms;
  /**
   * Gives the files that a pattern of `scrape_config_files` matches, read. A thrown error becomes a problem.
   * @default `scrape_config_files` is reported as not supported here
   * @see {@link scrapeConfigFilePatterns} for callers that must read them beforehand
   */
  readonly readFiles?: (pattern: string) => readonly ScrapeConfigFile[];
  /** The jobs of the document before, to be passed from one to the next. @default every job is decoded */
  readonly decodedJobs?: DecodedJobs;
}

/** What was decoded, and what was found wrong. */
export interface DecodeResult<T> {
  /** `undefined` when there was an error. */
  readonly config: T | undefined;
  /** Errors and warnings, in the order of the document. */
  readonly problems: readonly Problem[];
}

/** Parts of a Prometheus document that say nothing to an allocator. */
const ignoredSections = [
  'runtime',
  'alerting',
  'rule_files',
  'storage',
  'tracing',
  'remote_write',
  'remote_read',
  'otlp',
];
const filePattern = /^[^*]*(\*[^/]*)?$/;
const sections = struct({ scrape_config_files: list(text) }, (key) =>
  ['global', 'scrape_configs', ...ignoredSections].includes(key),
);

/**
 * Reads a Prometheus configuration document as Prometheus 3.14 does: every job checked and completed. Unknown keys are
 * warnings, or errors when the cursor is strict. All problems are reported at once.
 *
 * @param at Where the document stands: a file of its own or the key `config` of the allocator's file.
 */
export function decodePrometheusConfig(
  at: Cursor,
  options: DecodeOptions,
): DecodeResult<PrometheusConfig> {
  return toEnd(decodePrometheusConfigInSteps(at, options));
}

/** As {@link decodePrometheusConfig}, interruptible between jobs. Whether collectors would refuse them is then known, too. */
export function* decodePrometheusConfigInSteps(
  at: Cursor,
  options: DecodeOptions,
): Generator<undefined, DecodeResult<PrometheusConfig>> {
  const place = at.fork();
  const { scrape_config_files: patterns = [] } = sections.decode(place) ?? {};
  warnOfIgnored(place);
  const jobList = place.field('scrape_configs').node;
  const hasJobs = patterns.length > 0 || (jobList.kind === 'sequence' && jobList.items.length > 0);
  const global = decodeGlobalConfig(place.field('global'), hasJobs);
  const jobs = new JobCollector(
    { global, mechanisms: options.mechanisms },
    options.decodedJobs ?? new DecodedJobs(),
  );
  yield* jobs.add(place.field('scrape_configs'), 'the main configuration');
  const ownProblems = [...place.problems];
  const filesAt = place.field('scrape_config_files').fork();
  for (const [index, pattern] of patterns.entries()) {
    yield* addFiles(pattern, filesAt.item(index), jobs, options);
  }
  const problems = [...ownProblems, ...filesAt.problems, ...jobs.problems];
  const config = { global, scrape_configs: jobs.configs };
  return { config: hasErrors(problems) ? undefined : config, problems };
}

/** The patterns of `scrape_config_files`, for callers that must read the files beforehand. */
export function scrapeConfigFilePatterns(at: Cursor): readonly string[] {
  return list(text).decode(at.fork().field('scrape_config_files')) ?? [];
}

/** How one job of plain data is read. */
export interface DecodeJobOptions {
  readonly mechanisms: Mechanisms;
  /** Names what the data comes from in problems: `ServiceMonitor shop/web`. */
  readonly origin: string;
  /** Unknown keys are errors instead of warnings. @default false */
  readonly strict?: boolean;
  /**
   * What becomes of a service discovery that no plugin provides. It is an error, or it is kept as it is, so that the job is
   * served and the mechanism is refused where it would be started. @default 'refuse'
   */
  readonly unknownMechanisms?: 'refuse' | 'keep';
}

/**
 * Reads one job of plain data, as custom resources and plugins make them.
 *
 * @param value An object with the fields of `scrape_configs[]`; secrets may be `Secret`s.
 * @param global Where defaults come from, see `defaultGlobalConfig`.
 */
export function decodeScrapeConfig(
  value: unknown,
  global: GlobalConfig,
  options: DecodeJobOptions,
): DecodeResult<ScrapeConfig> {
  const at = Cursor.ofValue(value, options.origin, { strict: options.strict ?? false });
  const { mechanisms, unknownMechanisms = 'refuse' } = options;
  const known =
    unknownMechanisms === 'keep' ? withUnknownMechanisms(mechanisms, at.keys) : mechanisms;
  const config = readScrapeConfig(at, global, known);
  return { config: hasErrors(at.problems) ? undefined : config, problems: at.problems };
}

/** Jobs in their order, each name once. */
class JobCollector {
  readonly configs: ScrapeConfig[] = [];
  readonly problems: Problem[] = [];
  readonly #origins = new Map<string, string>();

  constructor(
    private readonly context: DecodingContext,
    private readonly decoded: DecodedJobs,
  ) {
    decoded.begin(context);
  }

  /** @param origin Where the list stands, for the message about a name that comes twice. */
  *add(at: Cursor, origin: string): Generator<undefined, void> {
    const { global, mechanisms } = this.context;
    const job = present(
      decoder((place) =>
        this.decoded.at(place, this.context, () => readScrapeConfig(place, global, mechanisms)),
      ),
      'scrape config section',
    );
    if (at.node.kind !== 'sequence') list(job).decode(at);
    const count = at.node.kind === 'sequence' ? at.node.items.length : 0;
    for (let index = 0; index < count; index += 1) {
      const place = at.item(index);
      const config = job.decode(place);
      yield undefined;
      if (config === undefined) continue;
      this.#register(config, place, origin);
      this.configs.push(config);
      // Asked of all jobs at once when they come into force; the answer is kept, and here there is time in between.
      refusedByCollector(config);
      yield undefined;
    }
  }

  #register({ job_name }: ScrapeConfig, at: Cursor, origin: string): void {
    const first = this.#origins.get(job_name);
    if (first === undefined) {
      this.#origins.set(job_name, origin);
    } else if (job_name !== '') {
      const message = `found multiple scrape configs with job name "${job_name}", the first in ${first}`;
      at.field('job_name').error(message, {
        hideValue: true,
        hint: 'give each job a name of its own',
      });
    }
  }
}

function warnOfIgnored(at: Cursor): void {
  const present = ignoredSections.filter((name) => at.has(name));
  if (present.length === 0) return;
  at.warn(`${present.join(', ')}: ignored, an allocator has no use for them`, {
    hint: 'leave them to Prometheus',
  });
}

function* addFiles(
  pattern: string,
  at: Cursor,
  jobs: JobCollector,
  options: DecodeOptions,
): Generator<undefined, void> {
  if (!filePattern.test(pattern)) {
    at.error('not a valid path', { hint: 'only its last part may have a *' });
    return;
  }
  for (const { path, text: content } of filesFor(pattern, at, options)) {
    const document = yield* readDocumentInSteps(content, { file: path });
    const file = Cursor.ofDocument(document, { strict: at.isStrict });
    const known = struct({}, (key) => key === 'scrape_configs');
    known.decode(file);
    yield* jobs.add(file.field('scrape_configs'), path);
    jobs.problems.push(...file.problems);
  }
}

function filesFor(
  pattern: string,
  at: Cursor,
  options: DecodeOptions,
): readonly ScrapeConfigFile[] {
  if (options.readFiles === undefined) {
    at.error('scrape_config_files cannot be read here', {
      hint: 'put the jobs into scrape_configs',
    });
    return [];
  }
  try {
    return options.readFiles(pattern);
  } catch (error) {
    at.error(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
}
