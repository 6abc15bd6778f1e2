import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NewPluginError } from './new-plugin.errors.js';

/** What is known of this very package. */
export interface OwnPackage {
  readonly directory: string;
  readonly version: string;
  /** The commit that it was built from, where the package says it. */
  readonly gitHead?: unknown;
  /** Exact versions of what we develop with ourselves; a new package begins with the same. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/**
 * The package that this code runs from. It is looked for upwards, because a bundle lies elsewhere than its sources.
 *
 * @throws NewPluginError when there is none.
 */
export async function findOwnPackage(
  directory = dirname(fileURLToPath(import.meta.url)),
): Promise<OwnPackage> {
  const text = await readFile(join(directory, 'package.json'), 'utf8').catch(() => '{}');
  const found: unknown = JSON.parse(text);
  if (isOurs(found)) return { ...found, directory };
  const parent = dirname(directory);
  if (parent !== directory) return findOwnPackage(parent);
  throw new NewPluginError(
    'TA_NEW_PLUGIN_TEMPLATES',
    'the package of the allocator is not around its code; use the npm package',
  );
}

function isOurs(value: unknown): value is Omit<OwnPackage, 'directory'> {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    value.name === 'target-allocator' &&
    'version' in value &&
    'devDependencies' in value
  );
}
