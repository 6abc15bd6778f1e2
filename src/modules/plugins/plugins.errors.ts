/** The options of a definition were refused by its own schema. */
export class PluginOptionsError extends Error {
  readonly code = 'TA_PLUGIN_OPTIONS';

  /** @param problems One for each refused option: key path and reason. */
  constructor(
    readonly definition: string,
    readonly problems: readonly string[],
  ) {
    super(`TA_PLUGIN_OPTIONS: the options of ${definition} are wrong: ${problems.join('; ')}`);
    this.name = 'PluginOptionsError';
  }
}

/** Two plugins provide one thing. */
export class DuplicatePluginError extends Error {
  readonly code = 'TA_PLUGIN_DUPLICATE';

  constructor(definition: string, first: string, second: string) {
    super(
      `TA_PLUGIN_DUPLICATE: ${definition} is provided by ${first} and by ${second}; remove one of them`,
    );
    this.name = 'DuplicatePluginError';
  }
}

/** Nothing of this kind and name is provided. */
export class UnknownPluginError extends Error {
  readonly code = 'TA_PLUGIN_UNKNOWN';

  /** @param known The names that there are of this kind. */
  constructor(kind: string, name: string, known: readonly string[]) {
    super(`TA_PLUGIN_UNKNOWN: no plugin provides ${kind}/${name}; there are: ${known.join(', ')}`);
    this.name = 'UnknownPluginError';
  }
}

/** What can be said of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
