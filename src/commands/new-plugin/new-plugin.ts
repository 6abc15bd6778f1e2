import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { DefinitionKind } from '../../plugin-api/index.js';
import { NewPluginError } from './new-plugin.errors.js';
import { findOwnPackage } from './own-package.js';
import { packageJson } from './package-json.js';
import { type PluginNames, pluginNames } from './plugin-names.js';

/** Which package is to be made. */
export interface NewPlugin {
  /** `zone-aware`, `@team/zone-aware` */
  readonly name: string;
  readonly kind: DefinitionKind;
  /** @default `./<name>` */
  readonly directory?: string;
  /** What it is developed against. @default this version of the allocator */
  readonly allocator?: string;
}

/** `npm pack` leaves out files that are called so. */
const renamed = new Map([['gitignore', '.gitignore']]);

/**
 * Writes a plugin package that builds, lints and passes the contract of its kind as it is.
 *
 * @returns The folder and its files.
 * @throws NewPluginError
 */
export async function newPlugin(
  asked: NewPlugin,
): Promise<{ readonly directory: string; readonly files: readonly string[] }> {
  const names = pluginNames(asked.name, asked.kind);
  const directory = resolve(asked.directory ?? names.folder);
  await mustBeEmpty(directory);
  const own = await findOwnPackage();
  const manifest = packageJson(names, asked.kind, own, asked.allocator);
  const files = new Map([
    ['package.json', `${JSON.stringify(manifest, undefined, 2)}\n`],
    ...(await templateFiles(join(own.directory, 'templates', 'common'), names)),
    ...(await templateFiles(join(own.directory, 'templates', asked.kind), names)),
  ]);
  for (const [path, text] of files) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text, { flag: 'wx' });
  }
  return { directory, files: [...files.keys()].sort() };
}

async function mustBeEmpty(directory: string): Promise<void> {
  const found = await readdir(directory).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return [];
    throw new NewPluginError('TA_NEW_PLUGIN_FOLDER', `${directory} is no folder`, { cause: error });
  });
  if (found.length === 0) return;
  throw new NewPluginError(
    'TA_NEW_PLUGIN_FOLDER',
    `${directory} is not empty; name another folder with --dir`,
  );
}

async function templateFiles(
  base: string,
  { replacements }: PluginNames,
): Promise<readonly (readonly [path: string, text: string])[]> {
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(
    (cause: unknown) => {
      const message = `this installation has no templates in ${base}; use the npm package of the allocator`;
      throw new NewPluginError('TA_NEW_PLUGIN_TEMPLATES', message, { cause });
    },
  );
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(
    files.map(async ({ name, parentPath }) => {
      const text = await readFile(join(parentPath, name), 'utf8');
      const path = join(relative(base, parentPath), renamed.get(name) ?? name);
      return [path, replaced(text, replacements)] as const;
    }),
  );
}

function replaced(text: string, replacements: PluginNames['replacements']): string {
  const meanings = new Map(replacements);
  const placeholder = new RegExp([...meanings.keys()].join('|'), 'g');
  return text.replace(placeholder, (found) => meanings.get(found) ?? found);
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
