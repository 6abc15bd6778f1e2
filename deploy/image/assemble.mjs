// Puts together what the image has under /app, from a repository that is built.
//
//   node deploy/image/assemble.mjs <folder>
//
// The bundle has everything that the program imports, so there is no node_modules. The manifest says where plugins find the
// contract; the templates are those of `new-plugin`; the bill of materials lists what went into the bundle.

import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What starts the bundle; the modules that it was made from stay behind. */
const parts = ['dist/main.js', ...(await modulesOf('dist/main.js')), 'dist/bundle'];
const texts = ['templates', 'LICENSE'];

const [out] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: node deploy/image/assemble.mjs <folder>');
const folder = resolve(out);
await rm(folder, { recursive: true, force: true });
await mkdir(join(folder, 'dist'), { recursive: true });
for (const part of [...parts, ...texts]) {
  await cp(part, join(folder, part), { recursive: true, dereference: true });
}
// Made for another user and another path.
await rm(join(folder, 'dist', 'bundle', 'compiled'), { recursive: true, force: true });

const { name, version, description, license, type, engines, bin, exports, devDependencies } =
  JSON.parse(await readFile('package.json', 'utf8'));
const own = { name, version, description, license, private: true, type, engines, bin };
const entries = {
  './plugin-api': './dist/bundle/plugin-api.js',
  './testing': './dist/bundle/testing.js',
  './package.json': './package.json',
};
const forgotten = Object.keys(exports).filter((entry) => !(entry in entries));
if (forgotten.length > 0) throw new Error(`the image has no ${forgotten.join(', ')}`);
const gitHead = process.env['REVISION'] || undefined;
await writeJson('package.json', { ...own, exports: entries, devDependencies, gitHead });

await writeJson('sbom.spdx.json', await billOfMaterials());

/** What the module imports of its own folder; that has no imports of its own. */
async function modulesOf(path) {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(/ from '\.\/([^']+)'/g)].map(([, file]) => join(dirname(path), file));
}

/** Of what the program needs. `npm sbom --omit=dev` also leaves out what the tools need as well (npm 11.19). */
async function billOfMaterials() {
  const words = ['sbom', '--package-lock-only', '--sbom-format=spdx'];
  const { stdout } = await run('npm', words, { maxBuffer: 64 << 20 });
  const bill = JSON.parse(stdout);
  const { packages } = JSON.parse(await readFile('package-lock.json', 'utf8'));
  const needed = new Set(
    Object.entries(packages)
      .filter(([, { dev }]) => dev !== true)
      .map(([path, entry]) => `${path.split('node_modules/').at(-1) || name}@${entry.version}`),
  );
  const kept = bill.packages.filter((part) => needed.has(`${part.name}@${part.versionInfo}`));
  const ids = new Set([bill.SPDXID, ...kept.map(({ SPDXID }) => SPDXID)]);
  const relationships = bill.relationships.filter(
    ({ spdxElementId, relatedSpdxElement }) =>
      ids.has(spdxElementId) && ids.has(relatedSpdxElement),
  );
  return { ...bill, packages: kept, relationships };
}

function writeJson(file, value) {
  return writeFile(join(folder, file), `${JSON.stringify(value, undefined, 2)}\n`);
}
