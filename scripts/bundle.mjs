// Puts what was compiled into few files, in dist/bundle: Node reads them in less than half the time that it takes to find
// and read 2,400 modules. What only some configurations need stays in files of its own, loaded when it is needed.
//
//   npm run build, or: nest build && node scripts/bundle.mjs [--if-stale] [dist]
//
// dist/main.js starts the bundle unless something was compiled since; without one it starts the modules themselves.

import { statSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rolldown } from 'rolldown';

import { warmCompileCache } from './warm-compile-cache.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [folder = join(root, 'dist')] = process.argv.slice(2).filter((word) => word !== '--if-stale');
const dist = resolve(folder);
const target = join(dist, 'bundle');
const making = join(dist, `bundle.${String(process.pid)}`);

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const isFresh =
  changedAt(join(target, 'package.json')) > changedAt(join(dist, '.tsbuildinfo')) &&
  changedAt(join(target, 'start.js')) > changedAt(join(dist, '.tsbuildinfo'));
if (process.argv.includes('--if-stale') && isFresh) process.exit();

/** Nest and Terminus ask for these only if they are used, and they are not; swagger wants to find its own beside it. */
const optional =
  /^(@nestjs\/(axios|microservices|mongoose|platform-express|sequelize|typeorm|websockets)|@mikro-orm|mongoose|sequelize|typeorm|@fastify\/(static|view))(\/|$)/;

/** As it may stand in a string, a regular expression and a name. */
const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

const bundle = await rolldown({
  // Plugins import the contract: it must be the one that the program itself uses.
  input: {
    start: join(dist, 'start.js'),
    'plugin-api': join(dist, 'plugin-api/index.js'),
    testing: join(dist, 'plugin-api/testing/index.js'),
  },
  platform: 'node',
  external: optional,
  plugins: [
    {
      // class-validator brings the metadata of all telephone networks, for a check that nobody asks for.
      name: 'without telephone numbers',
      resolveId: (id) => (id.startsWith('libphonenumber-js') ? `\0${id}` : undefined),
      load: (id) => (id.startsWith('\0libphonenumber-js') ? 'export {};' : undefined),
    },
  ],
  onLog: (level, log, handle) => handle(level === 'warn' ? 'error' : level, log),
});
await bundle.write({
  dir: making,
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: '[name]-[hash].js',
  comments: { legal: true, annotation: false, jsdoc: false },
  plugins: [
    {
      // V8 keeps the source as long as the process lives, and in twice the memory if it has one character beyond Latin-1.
      name: 'escape what is not ASCII',
      generateBundle: (_options, files) => {
        for (const file of Object.values(files)) {
          if (file.type === 'chunk') file.code = file.code.replace(/[^\0-\x7f]/g, escaped);
        }
      },
    },
  ],
});
// `target-allocator/plugin-api`, asked for in the bundle, is the bundle's.
const { name, version, license } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const manifest = {
  name,
  version,
  license,
  private: true,
  type: 'module',
  exports: { './plugin-api': './plugin-api.js', './testing': './testing.js' },
};
await writeFile(join(making, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
// Whole or not at all: something may be starting from it.
await rm(target, { recursive: true, force: true });
await rename(making, target);
// After that nothing is written beside the program.
await warmCompileCache(dist);
