import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { committedResults } from './report.js';

/** Where figures go that mean nothing. */
const quickResults = join(tmpdir(), 'target-allocator-bench');

/** What every bench understands. */
export interface CommonOptions {
  /** Smallest sizes, one run: shows that the bench works. */
  readonly isQuick: boolean;
  /** How often each case is measured; the median counts. `undefined`: as the bench decides. */
  readonly runs: number | undefined;
  /** The folder of the JSON files. */
  readonly results: string;
  /** Cases of an earlier run that are not measured again stay in the file. */
  readonly keepsOthers: boolean;
}

export interface BenchOptions<Name extends string> extends CommonOptions {
  /** The bench's own options, as they were given. */
  readonly given: Readonly<Partial<Record<Name, string>>>;
}

/** Reads `--quick`, `--runs`, `--results`, `--keep` and the options of a bench, each of which has a value. @throws of others. */
export function benchOptions<Name extends string>(
  args: readonly string[],
  names: readonly Name[],
): BenchOptions<Name> {
  const own = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...own,
      quick: { type: 'boolean', default: false },
      runs: { type: 'string' },
      results: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  const { quick, runs, results, keep, ...given } = values;
  return {
    isQuick: quick,
    runs: runs === undefined ? undefined : Number(runs),
    results: results ?? (quick ? quickResults : committedResults),
    keepsOthers: keep,
    given: given as Partial<Record<Name, string>>,
  };
}

/** `--targets 1000,10000`. */
export function numbers(list: string | undefined, otherwise: readonly number[]): readonly number[] {
  return list === undefined ? otherwise : list.split(',').map(Number);
}

/** `--strategy least-weighted,per-node`. */
export function names(list: string | undefined, otherwise: readonly string[]): readonly string[] {
  return list === undefined ? otherwise : list.split(',');
}
