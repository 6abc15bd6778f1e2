import { Cursor } from '../document/cursor.js';
import type { ScrapeConfig } from './model.js';
import { defaultGlobalConfig } from './prometheus-config.js';
import { renderedValue } from './render.js';
import { readScrapeConfig } from './scrape-config.js';
import { mechanismOf, type Mechanisms } from './service-discovery.js';

/** Longer keys are no keys to the YAML reader of collectors (YAML 1.1: a simple key has at most 1024 characters). */
const longestKey = 1000;

/**
 * Why a collector would refuse the job, `undefined` when it takes it. A collector reads all jobs as one document and
 * refuses all of them for one that it cannot decode, so that such a job must not be served.
 *
 * Decodes what is rendered once more, as the receiver does.
 */
export function refusedByCollector(config: ScrapeConfig): string | undefined {
  const rendered = renderedValue(config, { secrets: 'reveal' });
  const unreadable = unreadableIn(rendered, '');
  if (unreadable !== undefined) return unreadable;
  const at = Cursor.ofValue(rendered, 'the job as served');
  readScrapeConfig(at, defaultGlobalConfig, mechanismsOf(config));
  const problem = at.problems.find(({ severity }) => severity === 'error');
  return problem === undefined ? undefined : `${problem.path}: ${problem.message}`;
}

/** The mechanisms of plugins say nothing to collectors: they pass over keys that they do not know. */
function mechanismsOf(config: ScrapeConfig): Mechanisms {
  const names = Object.keys(config).flatMap((key) => mechanismOf(key) ?? []);
  return new Map(names.map((name) => [name, undefined]));
}

function unreadableIn(value: unknown, path: string): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return `${path}: ${String(value)} cannot be written as JSON`;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const place = path === '' ? name : `${path}.${name}`;
    if (name.length > longestKey) {
      return `${place.slice(0, 120)}…: a key of more than ${String(longestKey)} characters`;
    }
    const found = unreadableIn(item, place);
    if (found !== undefined) return found;
  }
  return undefined;
}
