import { Cursor } from '../../core/document/cursor.js';
import { hasErrors, type Problem } from '../../core/document/problem.js';
import { readDocumentInSteps } from '../../core/document/read-document.js';
import { toEnd } from '../../core/document/steps.js';
import { DecodedJobs } from '../../core/scrape-config/decoded-jobs.js';
import type { Mechanisms } from '../../core/scrape-config/service-discovery.js';
import { type Clock, runInSlices, type StandardIssue } from '../../plugin-api/index.js';
import type { AllocatorConfig, PluginEntry } from './allocator-config.js';
import type { KnownNames } from './allocator-options.js';
import {
  checkJobs,
  checkNamespaces,
  checkOptions,
  checkScrapeTimeout,
  warnOfSurprises,
} from './check-config.js';
import { completeConfig } from './complete-config.js';
import { defaultCollectorSource } from './defaults.js';
import { allocatorFile } from './file/allocator-file.js';
import { loadPrometheusPart } from './load-prometheus-part.js';
import type { LoadResult } from './loaded-config.js';
import { OptionPicker } from './option-picker.js';
import type { ConfigSources } from './overrides.js';
import { type PickedOptions, pickOptions } from './pick-options.js';
import { readTextFile } from './read-text-file.js';

/** What plugins provide, as far as a configuration can name it. */
export interface KnownPlugins extends KnownNames {
  /** The mechanisms of service discovery: `http` for `http_sd_configs`. */
  readonly mechanisms: Mechanisms;
  /** Plugins from packages that bring jobs. */
  readonly watchers: readonly string[];
  /** What the plugin's own schemas have against the options of its entry. */
  checkPluginOptions(entry: PluginEntry): Promise<readonly StandardIssue[]>;
  /** What the source's own schema has against its options. */
  checkCollectorOptions(type: string, options: unknown): Promise<readonly StandardIssue[]>;
}

/** At the start files that HTTPS needs must be there; later they may be about to be replaced. */
export type LoadPhase = 'start' | 'reload';

/** What makes reading a large configuration again cheap, and lets others go on meanwhile. */
export interface LoadTools {
  /** @default it is read in one piece */
  readonly clock?: Clock;
  readonly decodedJobs?: DecodedJobs;
}

/** Reads and checks the whole configuration. Never rejects for bad input; all problems are reported together. */
export async function loadConfig(
  sources: ConfigSources,
  plugins: KnownPlugins,
  phase: LoadPhase,
  { clock, decodedJobs = new DecodedJobs() }: LoadTools = {},
): Promise<LoadResult> {
  const { configFile } = sources;
  const read = await readTextFile(configFile);
  if ('problem' in read) return { kind: 'refused', problems: [read.problem], paths: [configFile] };
  const run = async <T>(work: Iterator<unknown, T>): Promise<T> =>
    clock === undefined ? toEnd(work) : runInSlices(work, clock);
  const document = await run(readDocumentInSteps(read.text, { file: configFile }));
  // What is no YAML has no keys: all else would only be said for the lack of them.
  if (hasErrors(document.problems)) {
    return { kind: 'refused', problems: document.problems, paths: [configFile] };
  }
  const at = Cursor.ofDocument(document, { strict: sources.isStrict });
  const file = allocatorFile(sources.env).decode(at) ?? {};
  const part = await loadPrometheusPart(at.field('config'), {
    configFile,
    mechanisms: plugins.mechanisms,
    decodedJobs,
    run,
  });
  const picker = new OptionPicker(at);
  const picked = pickOptions(picker, file, sources);
  checkOptions(picked, plugins);
  if (phase === 'start') await checkHttpsFiles(picked);
  const config = completeConfig({ picked, file, prometheus: part.prometheus, sources });
  await checkCollectorSource(config, at, plugins);
  await checkPluginOptions(config, at, plugins);
  checkNamespaces(config, at);
  checkScrapeTimeout(picked);
  // A part that was refused has no jobs, which is not what is wrong with it.
  if (!hasErrors(part.problems) && plugins.watchers.length === 0) checkJobs(config, at);
  warnOfSurprises(config, at, sources);
  const problems = sorted([...at.problems, ...part.problems, ...picker.problems]);
  const paths = [configFile, ...part.paths];
  return hasErrors(problems)
    ? { kind: 'refused', problems, paths }
    : { kind: 'loaded', config, problems, paths };
}

/** The files of the HTTPS server, which is started once. */
async function checkHttpsFiles(picked: PickedOptions): Promise<void> {
  if (!picked.httpsEnabled.value) return;
  const files = [picked.httpsCaFilePath, picked.httpsTlsCertFilePath, picked.httpsTlsKeyFilePath];
  for (const { value, place } of files) {
    if (value === '') continue; // reported by its rule
    const read = await readTextFile(value);
    if ('problem' in read)
      place.error(read.problem.message, { hint: 'give the path of a PEM file' });
  }
}

async function checkCollectorSource(
  { collectorSource: { type, options: written }, collectorNamespace: namespace }: AllocatorConfig,
  at: Cursor,
  plugins: KnownPlugins,
): Promise<void> {
  const place = at.field('collector_source');
  if (!at.has('collector_source') || !plugins.collectorSources.includes(type)) return;
  // This source takes what is missing from the Go allocator's own keys.
  const options = type === defaultCollectorSource ? { namespace, ...written } : written;
  for (const { message, path = [] } of await plugins.checkCollectorOptions(type, options)) {
    path.map(keyOf).reduce(step, place).error(message);
  }
}

async function checkPluginOptions(
  { plugins: entries }: AllocatorConfig,
  at: Cursor,
  plugins: KnownPlugins,
): Promise<void> {
  for (const [index, entry] of entries.entries()) {
    const place = at.field('plugins').item(index).field('options');
    for (const { message, path = [] } of await plugins.checkPluginOptions(entry)) {
      path.map(keyOf).reduce(step, place).error(message);
    }
  }
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): PropertyKey {
  return typeof segment === 'object' ? segment.key : segment;
}

function step(at: Cursor, key: PropertyKey): Cursor {
  return typeof key === 'number' ? at.item(key) : at.field(String(key));
}

/** Errors first, each in the order of the file. */
function sorted(problems: readonly Problem[]): readonly Problem[] {
  const rank = ({ severity }: Problem): number => (severity === 'error' ? 0 : 1);
  return problems.toSorted((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0));
}
