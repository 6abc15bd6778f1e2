import { access, constants, readFile } from 'node:fs/promises';
import { isRecord } from '../../core/document/is-record.js';
import type { Problem } from '../../core/document/problem.js';
import type { AllocatorConfig } from '../../modules/config/index.js';
import { SystemClock } from '../../modules/telemetry/index.js';
import { parseCollectorFile } from '../../plugins/collectors/file/collector-file.js';
import { glob } from '../../plugins/discovery/file/glob.js';
import { TargetFile } from '../../plugins/discovery/file/target-file.js';

/**
 * What is wrong with files that are only read while the allocator runs: lists of collectors and of targets, and what
 * discoveries authenticate themselves with. One that is not there may come later, so that this is a warning.
 */
export async function namedFileProblems(config: AllocatorConfig): Promise<readonly Problem[]> {
  const problems = await collectorFileProblems(config);
  for (const { job_name, ...job } of config.prometheus.scrape_configs) {
    for (const [block, entries] of Object.entries(job)) {
      if (!block.endsWith('_sd_configs') || !Array.isArray(entries)) continue;
      for (const [index, entry] of entries.entries()) {
        const path = `config.scrape_configs[${JSON.stringify(job_name)}].${block}[${String(index)}]`;
        problems.push(...(await targetFileProblems(entry, block, path)));
        for (const named of namedFiles(entry, path)) problems.push(...(await unreadable(named)));
      }
    }
  }
  return problems;
}

interface NamedFile {
  readonly file: string;
  /** The key path that names it. */
  readonly path: string;
}

async function collectorFileProblems({ collectorSource }: AllocatorConfig): Promise<Problem[]> {
  const { type, options } = collectorSource;
  const file = options['path'];
  if (type !== 'file' || typeof file !== 'string') return [];
  const named = { file, path: 'collector_source.path' };
  const missing = await unreadable(named);
  if (missing.length > 0) return missing;
  try {
    parseCollectorFile(await readFile(file, 'utf8'));
    return [];
  } catch (error) {
    return [broken(named, error)];
  }
}

async function targetFileProblems(
  entry: unknown,
  block: string,
  path: string,
): Promise<readonly Problem[]> {
  const patterns: unknown = isRecord(entry) && block === 'file_sd_configs' ? entry['files'] : [];
  const problems: Problem[] = [];
  for (const [index, pattern] of (Array.isArray(patterns) ? patterns : []).entries()) {
    if (typeof pattern !== 'string') continue;
    const place = `${path}.files[${String(index)}]`;
    const files = await glob(pattern);
    if (files.length === 0) problems.push(missing({ file: pattern, path: place }));
    for (const file of files) problems.push(...(await targetsIn({ file, path: place })));
  }
  return problems;
}

async function targetsIn(named: NamedFile): Promise<readonly Problem[]> {
  try {
    const file = await TargetFile.create(named.file, new SystemClock());
    await file.read(true, new AbortController().signal);
    return [];
  } catch (error) {
    return [broken(named, error)];
  }
}

/** Credentials, certificates and kubeconfig files: `*_file`, at any depth. */
function* namedFiles(value: unknown, path: string): Iterable<NamedFile> {
  if (!isRecord(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key.endsWith('_file') && typeof inner === 'string' && inner !== '') {
      yield { file: inner, path: `${path}.${key}` };
    } else yield* namedFiles(inner, `${path}.${key}`);
  }
}

async function unreadable(named: NamedFile): Promise<Problem[]> {
  return access(named.file, constants.R_OK).then(
    () => [],
    () => [missing(named)],
  );
}

function missing({ file, path }: NamedFile): Problem {
  const hint = 'a path as the allocator will see it, at the latest when it runs';
  return { severity: 'warning', file, path, message: 'there is no file that can be read', hint };
}

function broken({ file, path }: NamedFile, error: unknown): Problem {
  const message = error instanceof Error ? error.message : String(error);
  return { severity: 'error', file, path, message };
}
