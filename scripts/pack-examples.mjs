// Compiles example plugins and packs each as a registry would get it:
// node scripts/pack-examples.mjs [--to folder] [example…]
// The allocator must be built before, because they are compiled against what it publishes.
import { execFile } from 'node:child_process';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';

const run = promisify(execFile);
const repository = resolve(import.meta.dirname, '..');
const examples = join(repository, 'examples/plugins');
const compiler = join(repository, 'node_modules/typescript/bin/tsc');

const { values, positionals } = parseArgs({
  options: { to: { type: 'string', default: join(examples, 'dist') } },
  allowPositionals: true,
});
const output = resolve(values.to);
await mkdir(output, { recursive: true });
for (const name of positionals.length > 0 ? positionals : await exampleNames()) {
  const folder = join(examples, name);
  await rm(join(folder, 'dist'), { recursive: true, force: true });
  await told(run(process.execPath, [compiler, '-p', join(folder, 'tsconfig.build.json')]));
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', output];
  const { stdout } = await told(run('npm', args, { cwd: folder }));
  console.log(join(output, JSON.parse(stdout)[0].filename));
}

async function exampleNames() {
  const entries = await readdir(examples, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory() && entry.name !== 'dist');
  return folders.map(({ name }) => name);
}

/** What a program wrote says more than that it failed. */
async function told(work) {
  try {
    return await work;
  } catch (error) {
    console.error(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw error;
  }
}
