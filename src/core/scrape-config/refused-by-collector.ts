import { Cursor } from '../document/cursor.js';
import { defaultGlobalConfig } from './global-config.js';
import type { ScrapeConfig } from './model.js';

import { renderedValue } from './render.js';
import { readScrapeConfig } from './scrape-config.js';
import { withUnknownMechanisms } from './service-discovery.js';

/** Longer keys are no keys to the YAML reader of collectors (YAML 1.1: a simple key has at most 1024 characters). */
const longestKey = 1000;

/** A job never changes, and several ask. */
const known = new WeakMap<ScrapeConfig, { readonly reason: string | undefined }>();

/**
 * Why a collector would refuse the job, `undefined` when it takes it. A collector reads all jobs as one document and
 * refuses all of them for one that it cannot decode, so that such a job must not be served.
 *
 * Decodes what is rendered once more, as the receiver does.
 */
export function refusedByCollector(config: ScrapeConfig): string | undefined {
  const former = known.get(config);
  if (former !== undefined) return former.reason;
  const reason = refusalOf(config);
  known.set(config, { reason });
  return reason;
}

function refusalOf(config: ScrapeConfig): string | undefined {
  const rendered = renderedValue(config, { secrets: 'reveal' });
  const unreadable = unreadableIn(rendered);
  if (unreadable !== undefined) return `${shortened(unreadable.path)}: ${unreadable.why}`;
  const at = Cursor.ofValue(rendered, 'the job as served');
  // The mechanisms of plugins say nothing to collectors: they pass over keys that they do not know.
  readScrapeConfig(at, defaultGlobalConfig, withUnknownMechanisms(new Map(), at.keys));
  const problem = at.problems.find(({ severity }) => severity === 'error');
  return problem === undefined ? undefined : `${problem.path}: ${problem.message}`;
}

/** What no document says, or none that the collector's reader takes. */
interface Unreadable {
  readonly path: string;
  readonly why: string;
}

const tooLong: Unreadable = {
  path: '',
  why: `a key of more than ${String(longestKey)} characters`,
};

/** The path is made on the way back: hardly any value needs one. */
function unreadableIn(value: unknown): Unreadable | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    return { path: '', why: `${String(value)} cannot be written as JSON` };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const found = name.length > longestKey ? tooLong : unreadableIn(item);
    if (found === undefined) continue;
    return { ...found, path: found.path === '' ? name : `${name}.${found.path}` };
  }
  return undefined;
}

function shortened(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 120)}…`;
}
