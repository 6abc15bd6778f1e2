import type { Plugin } from '../../plugin-api/index.js';
import type { PluginEntry } from '../config/index.js';

/** A plugin that the configuration names and that is left out. */
export interface FailedPlugin {
  readonly entry: PluginEntry;
  readonly error: Error;
}

/** The plugins of this process. */
export interface InstalledPlugins {
  readonly installed: readonly InstalledPlugin[];
  readonly failed: readonly FailedPlugin[];
}

/** A plugin that takes part. */
export interface InstalledPlugin {
  readonly plugin: Plugin;
  /** The package that it came in; absent for what is built in. */
  readonly package?: {
    readonly name: string;
    readonly version?: string;
    /** Its folder, without symbolic links: that is how its code knows itself. */
    readonly directory: string;
  };
  /** How the configuration names it; absent for what is built in. */
  readonly entry?: PluginEntry;
}
