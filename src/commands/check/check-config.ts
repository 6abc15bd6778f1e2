import { describeProblem, type Problem } from '../../core/document/problem.js';
import type { LoadResult } from '../../modules/config/index.js';
import { namedFileProblems } from './named-files.js';

/** What a check came to; the JSON output, as it is. `null`: there is none. */
export interface ConfigReport {
  /** The allocator can be started with it. */
  readonly ok: boolean;
  readonly file: string;
  readonly problems: readonly ProblemReport[];
}
interface ProblemReport {
  readonly severity: Problem['severity'];
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The key path, as a user would write it. */
  readonly path: string;
  /** What was found, as written. */
  readonly value: string | null;
  readonly message: string;
  /** What would be right. */
  readonly hint: string | null;
  /** All of it in one line. */
  readonly text: string;
}

/** Everything that is wrong with a configuration that was read, and with the files that it names. */
export async function checkConfig(file: string, read: LoadResult): Promise<ConfigReport> {
  const further = read.kind === 'loaded' ? await namedFileProblems(read.config) : [];
  const problems = [...read.problems, ...further];
  const isError = ({ severity }: Problem): boolean => severity === 'error';
  return {
    ok: !problems.some(isError),
    file,
    problems: [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))].map(
      reportOf,
    ),
  };
}

function reportOf(problem: Problem): ProblemReport {
  const { severity, file, line = null, column = null, path, value = null } = problem;
  const { message, hint = null } = problem;
  const text = describeProblem(problem);
  return { severity, file, line, column, path, value, message, hint, text };
}

/** The report for people. */
export function reportText({ ok, file, problems }: ConfigReport): string {
  const lines = problems.map(({ severity, text }) => `${severity}: ${text}\n`);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const counts = [count(errors, 'error'), count(problems.length - errors, 'warning')].join(', ');
  const verdict = ok
    ? 'the allocator can be started with it'
    : 'the allocator cannot be started with it';
  return `${lines.join('')}${file}: ${counts}; ${verdict}\n`;
}

function count(number: number, what: string): string {
  return `${number === 0 ? 'no' : String(number)} ${what}${number === 1 ? '' : 's'}`;
}
