import { pathToFileURL } from 'node:url';
import { isPlugin, type Plugin } from '../../plugin-api/index.js';
import { findPackage, type PackageSearch } from './find-package.js';
import { type PluginManifest, readManifest } from './manifest.js';
import { ownPackageModule } from './own-package.js';
import { type PackageIdentity, PluginLoadError } from './plugin-loading.errors.js';
import { trialLoad, type TrialOptions } from './trial-load.js';

/** A plugin as it was loaded. */
export interface LoadedPackage {
  readonly manifest: PluginManifest;
  readonly plugin: Plugin;
}

/** What loading needs beside the package. */
export type LoadOptions = PackageSearch & Omit<TrialOptions, 'prelude'>;

/**
 * Finds a package, reads its manifest before any of its code, imports it in a thread of its own, then here, and compares
 * what it provides with what it says.
 *
 * @param asked A package's name, or a path to its folder.
 * @throws PluginLoadError
 */
export async function loadPlugin(asked: string, options: LoadOptions): Promise<LoadedPackage> {
  const manifest = await readManifest(await findPackage(asked, options), asked);
  const url = pathToFileURL(manifest.entry).href;
  const prelude = ownPackageModule();
  await trialLoad(url, manifest.package, { ...options, prelude });
  await import(prelude);
  const plugin = pluginOf(await import(url), manifest.package);
  checkProvides(plugin, manifest);
  return { manifest, plugin };
}

/** An ES module's default export; of CommonJS that was compiled from one, its `default` once more. */
function pluginOf(module: unknown, identity: PackageIdentity): Plugin {
  const exported = defaultOf(module);
  const found = [exported, defaultOf(exported)].find(isPlugin);
  if (found !== undefined) return found;
  throw new PluginLoadError('TA_PLUGIN_NOT_A_PLUGIN', identity, {
    reason: `its default export is ${exported === undefined ? 'missing' : 'no plugin'}`,
    advice: 'write: export default definePlugin({ name, provides: [...] })',
  });
}

function defaultOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'default' in value
    ? value.default
    : undefined;
}

function checkProvides({ provides }: Plugin, manifest: PluginManifest): void {
  const provided = provides.map(({ kind, name }) => `${kind}/${name}`).sort();
  const announced = manifest.provides.toSorted();
  if (provided.join('\n') === announced.join('\n')) return;
  throw new PluginLoadError('TA_PLUGIN_PROVIDES', manifest.package, {
    reason: `it provides ${provided.join(', ') || 'nothing'}, but its manifest says ${announced.join(', ')}`,
    advice: 'make targetAllocator.provides in its package.json say the same',
  });
}
