// Builds the image without a container engine, by carrying out the Dockerfile.
//
//   node deploy/image/build-rootfs.mjs <folder> [--built[=dist]]
//
// Makes <folder>/rootfs, the file system, for run-rootfs.mjs; <folder>/oci, an OCI image layout of the same; and report.json. With
// --built the packages that are installed and the build that is there (or the one named) are taken, instead of `npm ci` and
// `npm run build` in a copy. The build stage runs with this machine's Node, the others under bubblewrap with the image's.
// Exit code 3: the machine cannot make the base, and nothing is said about the image.

import { spawnSync } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { BaseUnavailable, debianBase, makeLayer } from './debian-base.mjs';
import { copyOf, pairsOf, parseDockerfile, wordsOf } from './dockerfile.mjs';
import { lintDockerfile } from './lint-dockerfile.mjs';
import { writeOciLayout } from './oci-layout.mjs';
import { sandboxCommand } from './sandbox.mjs';

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** What `--built` takes as done. */
const buildCommands = ['npm ci --no-audit --no-fund', 'npm run build'];
/** The tree of the build context that is copied: what .dockerignore lets in. */
const contextFile = join(repository, '.dockerignore');

async function main([out, built]) {
  if (out === undefined) throw new Error('usage: build-rootfs.mjs <folder> [--built[=dist]]');
  const folder = resolve(out);
  const text = await readFile(join(repository, 'deploy/image/Dockerfile'), 'utf8');
  const problems = lintDockerfile(text);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const { version } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8'));
  const given = { VERSION: version, REVISION: revision() };
  const base = await debianBase();
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });

  const dist = built?.startsWith('--built') ? (built.split('=')[1] ?? 'dist') : undefined;
  const roots = new Map();
  const stages = parseDockerfile(text, given);
  for (const [index, stage] of stages.entries()) {
    const root = join(folder, index === stages.length - 1 ? 'rootfs' : `stage-${index}`);
    const isRuntime = stage.from.includes('distroless');
    await (isRuntime
      ? cp(base.rootfs, root, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
      : layContext(root, dist));
    if (isRuntime) await runStage(stage, { root, roots, base });
    else buildStage(stage, { root, given, isBuilt: dist !== undefined });
    roots.set(stage.name, { root, isRuntime });
  }
  // Where the user of the image can reach it.
  await cp(base.bwrap, join(folder, 'bwrap'));
  const { root } = roots.get(undefined);
  const config = configOf(stages.at(-1));
  const layer = join(folder, 'app.tar.gz');
  await makeLayer(root, layer, './app');
  await writeOciLayout(join(folder, 'oci'), [base.layer, layer], config);
  for (const name of await readdir(folder)) {
    if (name.startsWith('stage-')) await rm(join(folder, name), { recursive: true });
  }
  const [baseLayer, appLayer] = await Promise.all([stat(base.layer), stat(layer)]);
  await rm(layer);
  const report = {
    config,
    compressedBytes: { base: baseLayer.size, app: appLayer.size },
  };
  await writeFile(join(folder, 'report.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  const mb = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
  console.log(`compressed: base ${mb(baseLayer.size)}, program ${mb(appLayer.size)}`);
}

/** `COPY . .`: a copy, or with a build at hand links to it. */
async function layContext(root, dist) {
  const lines = (await readFile(contextFile, 'utf8')).split('\n');
  const names = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
  for (const name of names) {
    const target = join(root, name);
    await mkdir(dirname(target), { recursive: true });
    if (dist === undefined) await cp(join(repository, name), target, { recursive: true });
    else await symlink(join(repository, name), target);
  }
  if (dist !== undefined) await symlink(resolve(repository, dist), join(root, 'dist'));
}

/** Its tree is there already; only its commands are left. */
function buildStage({ instructions }, { root, given, isBuilt }) {
  for (const { name, value } of instructions) {
    if (name !== 'RUN') continue;
    const words = wordsOf(value);
    if (isBuilt && buildCommands.includes(words.join(' '))) continue;
    execute(words, { cwd: root, env: { ...process.env, ...given } });
  }
}

async function runStage({ instructions }, { root, roots, base }) {
  const env = {};
  let user = '0:0';
  for (const { name, value } of instructions) {
    if (name === 'ENV') Object.assign(env, pairsOf(value));
    if (name === 'USER') user = value;
    if (name === 'COPY') await copyInto(root, copyOf(value), roots);
    if (name === 'RUN') {
      const options = { bwrap: base.bwrap, root, user, env, isWritable: true, ownsFiles: true };
      execute(sandboxCommand(options, wordsOf(value)));
    }
  }
}

async function copyInto(root, { from, sources, to }, roots) {
  for (const source of sources) {
    const stage = roots.get(from);
    const path =
      stage === undefined
        ? join(repository, source)
        : join(stage.root, stage.isRuntime ? source : source.replace(/^\/src\//, ''));
    const target = to.endsWith('/') ? join(to, source.split('/').at(-1)) : to;
    await cp(path, join(root, target), { recursive: true });
  }
}

/** The configuration of the image, in the words of the OCI image specification. */
function configOf({ instructions }) {
  const all = (wanted) => instructions.filter(({ name }) => name === wanted).map((i) => i.value);
  const env = Object.assign({}, ...all('ENV').map(pairsOf));
  return {
    User: all('USER').at(-1),
    ExposedPorts: Object.fromEntries(
      all('EXPOSE')
        .flatMap((ports) => ports.split(/\s+/))
        .map((port) => [`${port}/tcp`, {}]),
    ),
    Env: Object.entries(env).map(([key, value]) => `${key}=${value}`),
    Entrypoint: wordsOf(all('ENTRYPOINT').at(-1)),
    WorkingDir: all('WORKDIR').at(-1),
    StopSignal: all('STOPSIGNAL').at(-1),
    Labels: Object.assign({}, ...all('LABEL').map(pairsOf)),
  };
}

function execute([program, ...words], options = {}) {
  const { status, error } = spawnSync(program, words, { stdio: 'inherit', ...options });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${words.join(' ')}: exit code ${status}`);
}

function revision() {
  const { stdout } = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: repository, encoding: 'utf8' });
  return stdout?.trim() ?? '';
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof BaseUnavailable)) throw error;
  console.error(`the image cannot be made on this machine: ${error.message}`);
  process.exitCode = 3;
}
