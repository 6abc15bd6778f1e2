// Runs what build-rootfs.mjs made, as Kubernetes would run the image: user 65532, no rights, a root that cannot be written
// to, an empty /tmp, process 1. Signals go to the program; its exit code is this one's.
//
//   node deploy/image/run-rootfs.mjs <folder> [--mount from:to[:rw]]... [--env KEY=value]... [--entrypoint program]
//     [--writable-root] -- arguments
//
// Its network is this machine's, because the tests have their servers there.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { sandboxCommand } from './sandbox.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    mount: { type: 'string', multiple: true, default: [] },
    env: { type: 'string', multiple: true, default: [] },
    entrypoint: { type: 'string' },
    'writable-root': { type: 'boolean', default: false },
  },
});
const [out = '', ...args] = positionals;
const folder = resolve(out);
const { config } = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8'));
const entrypoint = values.entrypoint === undefined ? config.Entrypoint : [values.entrypoint];
const env = Object.fromEntries(
  [...config.Env, ...values.env].map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)];
  }),
);
const mounts = values.mount.map((mount) => mount.split(':', 3));
for (const [from, to] of mounts) await makeMountPoint(from, join(folder, 'rootfs', to));
const [program, ...words] = sandboxCommand(
  {
    bwrap: join(folder, 'bwrap'),
    root: join(folder, 'rootfs'),
    user: config.User,
    env,
    isWritable: values['writable-root'],
    mounts,
    infoFd: 3,
  },
  [...entrypoint, ...args],
);
const child = spawn(program, words, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
const started = new Promise((found) => {
  let text = '';
  child.stdio[3].on('data', (data) => {
    text += data;
    const [, pid] = /"child-pid":\s*(\d+)/.exec(text) ?? [];
    if (pid !== undefined) found(Number(pid));
  });
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2']) {
  process.on(signal, () => void started.then((pid) => process.kill(pid, signal)));
}
child.once('close', (code) => {
  process.exit(code ?? 1);
});

/** Runtimes make what is mounted over, before the root becomes read-only. */
async function makeMountPoint(from, target) {
  const isFolder = (await stat(from)).isDirectory();
  await mkdir(isFolder ? target : dirname(target), { recursive: true });
  if (!isFolder && !existsSync(target)) await writeFile(target, '');
}
