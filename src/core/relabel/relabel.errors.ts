/** A relabel rule that cannot be run. */
export class RelabelConfigError extends Error {
  readonly code = 'TA_RELABEL_CONFIG_INVALID';

  /**
   * @param rule Where the rule stands in its list, from 0.
   * @param problem What is wrong and what would be right, in one lower-case clause.
   */
  constructor(
    readonly rule: number,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`TA_RELABEL_CONFIG_INVALID: relabel rule ${rule}: ${problem}`, options);
    this.name = 'RelabelConfigError';
  }
}

/** A regular expression that RE2 does not accept. */
export class RegexSyntaxError extends Error {
  readonly code = 'TA_REGEX_INVALID';

  /**
   * @param source The expression as written.
   * @param problem What is wrong with it, in RE2's words.
   */
  constructor(
    readonly source: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(`TA_REGEX_INVALID: ${problem} in regex ${JSON.stringify(source)}`, options);
    this.name = 'RegexSyntaxError';
  }
}
