/** Something wrong in a configuration document. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  /** The file, or what stands for it (`flag --listen-addr`, `environment`). */
  readonly file: string;
  /** 1-based; `undefined` where the input has no lines. */
  readonly line?: number;
  readonly column?: number;
  /** The key path as a user would write it: `config.scrape_configs[3].relabel_configs[0].regex`. */
  readonly path: string;
  /** The offending value, as written; secrets are never put here. */
  readonly value?: string;
  /** What is wrong, in one lower-case clause. */
  readonly message: string;
  /** What would be right. */
  readonly hint?: string;
}

/** Whether any of the problems is an error, so that the document cannot be used. */
export function hasErrors(problems: readonly Problem[]): boolean {
  return problems.some((problem) => problem.severity === 'error');
}

/** One problem as a line of text: `file:line:column: path: message, got "value"; hint`. */
export function describeProblem(problem: Problem): string {
  const { file, line, column, path, value, message, hint } = problem;
  const place = line === undefined ? file : `${file}:${String(line)}:${String(column ?? 1)}`;
  const where = path === '' ? place : `${place}: ${path}`;
  const got = value === undefined ? '' : `, got ${JSON.stringify(value)}`;
  return `${where}: ${message}${got}${hint === undefined ? '' : `; ${hint}`}`;
}
