/** What can be wrong with a plugin package; stable. */
export type PluginLoadErrorCode =
  | 'TA_PLUGIN_NOT_FOUND'
  | 'TA_PLUGIN_MANIFEST'
  | 'TA_PLUGIN_API_VERSION'
  | 'TA_PLUGIN_ENTRY_MISSING'
  | 'TA_PLUGIN_SYNTAX'
  | 'TA_PLUGIN_DEPENDENCY'
  | 'TA_PLUGIN_THREW'
  | 'TA_PLUGIN_HUNG'
  | 'TA_PLUGIN_ENDED'
  | 'TA_PLUGIN_NOT_A_PLUGIN'
  | 'TA_PLUGIN_PROVIDES'
  | 'TA_PLUGIN_DUPLICATE';

/** Which package is meant, as far as it is known. */
export interface PackageIdentity {
  /** As the configuration names it until the manifest was read, then the package's own name. */
  readonly name: string;
  readonly version?: string;
}

/** What is wrong with a package. */
export interface PluginDefect {
  /** What is wrong, and with which value. */
  readonly reason: string;
  /** What would be right. */
  readonly advice: string;
  readonly cause?: unknown;
}

/** A plugin package that cannot be used. */
export class PluginLoadError extends Error {
  constructor(
    readonly code: PluginLoadErrorCode,
    readonly package_: PackageIdentity,
    { reason, advice, cause }: PluginDefect,
  ) {
    super(`${code}: plugin ${shown(package_)}: ${reason}; ${advice}`, { cause });
    this.name = 'PluginLoadError';
  }
}

function shown({ name, version }: PackageIdentity): string {
  return version === undefined ? name : `${name}@${version}`;
}
