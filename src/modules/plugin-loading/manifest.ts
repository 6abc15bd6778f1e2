import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { isRecord } from '../../core/document/is-record.js';
import { definitionKinds, pluginApiVersion } from '../../plugin-api/index.js';
import {
  type PackageIdentity,
  type PluginDefect,
  PluginLoadError,
} from './plugin-loading.errors.js';

/** What a package says of itself before any of its code runs: `targetAllocator` in its `package.json`. */
export interface PluginManifest {
  readonly package: PackageIdentity;
  /** The folder of its `package.json`. */
  readonly directory: string;
  /** The file to import, absolute. */
  readonly entry: string;
  /** `strategy/zone-aware`: what it says that it provides. */
  readonly provides: readonly string[];
}

const example = `"targetAllocator": {"apiVersion": "${pluginApiVersion}", "plugin": "./dist/index.js", "provides": ["strategy/zone-aware"]}`;
const kinds: readonly string[] = definitionKinds;

/**
 * Reads and checks the manifest of a package.
 *
 * @param asked How the configuration names the package; for errors before its own name is known.
 * @throws PluginLoadError
 */
export async function readManifest(directory: string, asked: string): Promise<PluginManifest> {
  const document = await readPackageJson(directory, asked);
  const identity = identityOf(document, asked);
  const manifest = document['targetAllocator'];
  if (!isRecord(manifest)) {
    throw refused(identity, {
      reason: 'its package.json has no "targetAllocator"',
      advice: `add ${example}`,
    });
  }
  checkApiVersion(manifest['apiVersion'], identity);
  return {
    package: identity,
    directory,
    entry: await entryOf(manifest['plugin'], directory, identity),
    provides: providesOf(manifest['provides'], identity),
  };
}

async function readPackageJson(
  directory: string,
  asked: string,
): Promise<Readonly<Record<string, unknown>>> {
  const path = join(directory, 'package.json');
  let document: unknown;
  try {
    document = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const advice = 'install the package anew';
    throw refused({ name: asked }, { reason: `${path} cannot be read: ${reason}`, advice, cause });
  }
  if (!isRecord(document)) {
    throw refused(
      { name: asked },
      { reason: `${path} is no JSON object`, advice: 'install the package anew' },
    );
  }
  return document;
}

function identityOf(document: Readonly<Record<string, unknown>>, asked: string): PackageIdentity {
  const { name, version } = document;
  return {
    name: typeof name === 'string' && name !== '' ? name : asked,
    ...(typeof version === 'string' && { version }),
  };
}

function checkApiVersion(written: unknown, identity: PackageIdentity): void {
  const match = typeof written === 'string' ? /^(\d+)\.(\d+)$/.exec(written) : null;
  const [major = 0, minor = 0] = pluginApiVersion.split('.').map(Number);
  if (match !== null && Number(match[1]) === major && Number(match[2]) <= minor) return;
  throw new PluginLoadError('TA_PLUGIN_API_VERSION', identity, {
    reason: `it is written for version ${JSON.stringify(written ?? null)} of the plugin API, this allocator has ${pluginApiVersion}`,
    advice: `take a version of the plugin for ${String(major)}.0 to ${pluginApiVersion}, or another version of the allocator`,
  });
}

async function entryOf(
  written: unknown,
  directory: string,
  identity: PackageIdentity,
): Promise<string> {
  if (typeof written !== 'string' || written === '') {
    const reason = `targetAllocator.plugin is ${JSON.stringify(written ?? null)}`;
    throw refused(identity, {
      reason,
      advice: 'name the file to import, such as "./dist/index.js"',
    });
  }
  const entry = resolve(directory, written);
  if (relative(directory, entry).startsWith('..')) {
    const reason = `targetAllocator.plugin, ${JSON.stringify(written)}, leads out of the package`;
    throw refused(identity, { reason, advice: 'name a file of the package' });
  }
  const isFile = await stat(entry).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return entry;
  throw new PluginLoadError('TA_PLUGIN_ENTRY_MISSING', identity, {
    reason: `its file ${entry} is not there`,
    advice: 'build the package, or correct targetAllocator.plugin in its package.json',
  });
}

function providesOf(written: unknown, identity: PackageIdentity): readonly string[] {
  const names: readonly unknown[] = Array.isArray(written) ? written : [];
  if (names.length === 0) {
    const advice = 'list what it provides, such as ["strategy/zone-aware"]';
    throw refused(identity, { reason: 'targetAllocator.provides is no list with entries', advice });
  }
  return names.map((name) => {
    const [kind = '', ...rest] = typeof name === 'string' ? name.split('/') : [];
    if (kinds.includes(kind) && rest.join('/') !== '') return `${kind}/${rest.join('/')}`;
    const reason = `targetAllocator.provides has ${JSON.stringify(name)}`;
    throw refused(identity, {
      reason,
      advice: `write <kind>/<name>; kinds are ${kinds.join(', ')}`,
    });
  });
}

function refused(identity: PackageIdentity, defect: PluginDefect): PluginLoadError {
  return new PluginLoadError('TA_PLUGIN_MANIFEST', identity, defect);
}
