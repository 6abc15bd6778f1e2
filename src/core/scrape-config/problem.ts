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
