import { parse } from 'yaml';
import type { Collector, StandardIssue } from '../../../plugin-api/index.js';
import { readCollectorList } from '../collector-list.js';
import { OptionsReader } from '../options-reader.js';

/** A larger file is no list of collectors. */
const longestFileBytes = 8 * 1024 * 1024;

/** A file that is no list of collectors; says everything that is wrong with it. */
export class CollectorFileError extends Error {
  readonly code = 'TA_COLLECTOR_FILE_INVALID';

  constructor(message: string, options?: ErrorOptions) {
    super(`TA_COLLECTOR_FILE_INVALID: ${message}`, options);
    this.name = 'CollectorFileError';
  }
}

/**
 * Reads a list of collectors in YAML or JSON. An empty file is no empty list: it is one that is just being written.
 *
 * @throws CollectorFileError
 */
export function parseCollectorFile(text: string): readonly Collector[] {
  if (text.length > longestFileBytes) {
    throw new CollectorFileError(`longer than ${longestFileBytes} bytes`);
  }
  const list = new OptionsReader(parseYaml(text));
  const collectors = readCollectorList(list);
  if (list.issues.length === 0) return collectors;
  throw new CollectorFileError(list.issues.map(describeIssue).join('; '));
}

function parseYaml(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new CollectorFileError(`no YAML or JSON: ${message}`, { cause });
  }
}

function describeIssue({ message, path = [] }: StandardIssue): string {
  const where = path
    .map((key) => (typeof key === 'number' ? `[${key}]` : typeof key === 'string' ? `.${key}` : ''))
    .join('');
  return where === '' ? message : `${where}: ${message}`;
}
