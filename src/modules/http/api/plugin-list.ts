import type { InstalledPlugins } from '../../plugins/index.js';

/** One plugin. `null`: none. Described by `pluginsSchema`. */
export interface ListedPlugin {
  readonly name: string;
  readonly version: string | null;
  readonly built_in: boolean;
  readonly state: 'loaded' | 'failed';
  /** `strategy/per-node`, … */
  readonly provides: readonly string[];
  readonly options: unknown;
  readonly error: string | null;
}

export interface PluginList {
  readonly plugins: readonly ListedPlugin[];
}

const secretWords = /pass|secret|token|credential|key/i;

/** All plugins, those left out included. Options whose names tell of secrets are masked. */
export function listPlugins({ installed, failed }: InstalledPlugins): PluginList {
  const loaded = installed.map(({ plugin, package: found, entry }): ListedPlugin => ({
    name: found?.name ?? plugin.name,
    version: found?.version ?? null,
    built_in: entry === undefined,
    state: 'loaded',
    provides: plugin.provides.map(({ kind, name }) => `${kind}/${name}`),
    options: masked(entry?.options),
    error: null,
  }));
  const leftOut = failed.map(({ entry, error }): ListedPlugin => ({
    name: entry.package,
    version: null,
    built_in: false,
    state: 'failed',
    provides: [],
    options: masked(entry.options),
    error: error.message,
  }));
  return { plugins: [...loaded, ...leftOut] };
}

/** @param isSecret Whether a name on the way here tells of a secret. */
function masked(value: unknown, isSecret = false): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => masked(item, isSecret));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: [string, unknown]) => [
        name,
        masked(item, isSecret || secretWords.test(name)),
      ]),
    );
  }
  return isSecret ? '<secret>' : (value ?? null);
}
