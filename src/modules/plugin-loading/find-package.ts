import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { PluginLoadError } from './plugin-loading.errors.js';

/** Where plugin packages are looked for. */
export interface PackageSearch {
  /** Relative paths count from here: the folder of the configuration file. */
  readonly baseDirectory: string;
  /** Folders with packages in them, directly or in their `node_modules` (`--plugin-dir`). */
  readonly pluginDirectories: readonly string[];
}

/**
 * The folder of a package, without symbolic links. Paths (`./x`, `../x`, `/x`) are taken as they are; names are looked for in the plugin
 * directories, then in the `node_modules` of the base directory and of those above it.
 *
 * @throws PluginLoadError `TA_PLUGIN_NOT_FOUND` naming every place that was looked at.
 */
export async function findPackage(asked: string, search: PackageSearch): Promise<string> {
  const candidates = isPath(asked)
    ? [resolve(search.baseDirectory, asked)]
    : placesOf(asked, search);
  for (const directory of candidates) {
    if (await isPackage(directory)) return realpath(directory);
  }
  throw new PluginLoadError(
    'TA_PLUGIN_NOT_FOUND',
    { name: asked },
    {
      reason: `no package.json in ${candidates.join(', ')}`,
      advice: 'install the package there, or name its folder by a path (./…) or with --plugin-dir',
    },
  );
}

function isPath(asked: string): boolean {
  return isAbsolute(asked) || /^\.{1,2}(?:\/|$)/.test(asked);
}

function placesOf(name: string, search: PackageSearch): readonly string[] {
  const mounted = search.pluginDirectories.flatMap((directory) => [
    join(directory, name),
    join(directory, 'node_modules', name),
  ]);
  return [
    ...mounted,
    ...foldersAbove(search.baseDirectory).map((at) => join(at, 'node_modules', name)),
  ];
}

function foldersAbove(directory: string): readonly string[] {
  const parent = dirname(directory);
  return parent === directory ? [directory] : [directory, ...foldersAbove(parent)];
}

function isPackage(directory: string): Promise<boolean> {
  return stat(join(directory, 'package.json')).then(
    (found) => found.isFile(),
    () => false,
  );
}
