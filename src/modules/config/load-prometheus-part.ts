import { dirname, resolve } from 'node:path';

import type { Cursor } from '../../core/document/cursor.js';
import type { Problem } from '../../core/document/problem.js';
import type { DecodedJobs } from '../../core/scrape-config/decoded-jobs.js';
import { defaultGlobalConfig } from '../../core/scrape-config/index.js';
import type { PrometheusConfig } from '../../core/scrape-config/model.js';
import {
  decodePrometheusConfigInSteps,
  type ScrapeConfigFile,
  scrapeConfigFilePatterns,
} from '../../core/scrape-config/prometheus-config.js';
import type { Mechanisms } from '../../core/scrape-config/service-discovery.js';
import { globFiles, watchedPathOf } from './glob-files.js';
import { readTextFile } from './read-text-file.js';

/** What one pattern of `scrape_config_files` leads to. */
interface Included {
  readonly path: string;
  readonly files: readonly ScrapeConfigFile[];
  /** What is wrong with a file that is there. */
  readonly refusals: readonly Problem[];
}

export interface PrometheusPart {
  /** Without any job when something is wrong with it. */
  readonly prometheus: PrometheusConfig;
  readonly problems: readonly Problem[];
  /** The patterns of further files, absolute. */
  readonly paths: readonly string[];
}

/** How a part is read. */
export interface PartReading {
  /** Where relative patterns start from: its directory, as for Prometheus. */
  readonly configFile: string;
  readonly mechanisms: Mechanisms;
  readonly decodedJobs: DecodedJobs;
  readonly run: <T>(work: Iterator<unknown, T>) => Promise<T>;
}

/** Reads `config:` with the files that its `scrape_config_files` names. */
export async function loadPrometheusPart(
  at: Cursor,
  { configFile, mechanisms, decodedJobs, run }: PartReading,
): Promise<PrometheusPart> {
  const included = new Map<string, Included>();
  for (const pattern of scrapeConfigFilePatterns(at)) {
    included.set(pattern, await include(resolve(dirname(configFile), pattern)));
  }
  const { config, problems } = await run(
    decodePrometheusConfigInSteps(at, {
      mechanisms,
      decodedJobs,
      readFiles: (pattern) => included.get(pattern)?.files ?? [],
    }),
  );
  const all = [...included.values()];
  return {
    prometheus: config ?? { global: defaultGlobalConfig, scrape_configs: [] },
    problems: [...problems, ...all.flatMap(({ refusals }) => refusals), ...missing(at, included)],
    paths: all.flatMap(({ path }) => [path, watchedPathOf(path)]),
  };
}

async function include(path: string): Promise<Included> {
  const files: ScrapeConfigFile[] = [];
  const refusals: Problem[] = [];
  for (const found of await globFiles(path)) {
    const read = await readTextFile(found);
    if ('text' in read) files.push({ path: found, text: read.text });
    else if (!read.isMissing) refusals.push(read.problem);
  }
  return { path, files, refusals };
}

/** Prometheus says nothing about a pattern without files, so it is no error; but hardly anyone means it. */
function missing(at: Cursor, included: ReadonlyMap<string, Included>): readonly Problem[] {
  const place = at.field('scrape_config_files').fork();
  [...included.values()].forEach(({ path, files, refusals }, index) => {
    if (files.length > 0 || refusals.length > 0) return;
    place.item(index).warn('matches no file', { hint: `looked for ${path}` });
  });
  return place.problems;
}
