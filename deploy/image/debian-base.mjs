// The file system of the runtime image, made from the packages that it is made from itself: libraries of Debian 12,
// certificates, time zones, and Node from its npm package. For machines that can ask package mirrors but no registry.

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const nodeVersion = '24.21.0';
const release = 'bookworm';
const packages = [
  ...['base-files', 'ca-certificates', 'libc6', 'libgcc-s1', 'libgomp1', 'libssl3', 'libstdc++6'],
  ...['netbase', 'tzdata'],
];
/** Runs what is in the image; for machines that do not have it. */
const sandboxPackage = 'bubblewrap';
/** Scripts for systems with a shell, and what is read by people. */
const needless = [
  'etc/update-motd.d',
  'usr/sbin',
  ...['base-files', 'lintian', 'man'].map((name) => `usr/share/${name}`),
];
const stepTimeoutMs = 120_000;

/** The machine cannot make the base; that says nothing about the image. */
export class BaseUnavailable extends Error {}

/**
 * Makes the base, or takes the one that was made before.
 *
 * @returns {Promise<{ rootfs: string, layer: string, bwrap: string }>} The tree, the same as a compressed layer, and a
 *   program to run it with.
 * @throws BaseUnavailable
 */
export async function debianBase() {
  const cache =
    process.env['TARGET_ALLOCATOR_CACHE'] ?? join(homedir(), '.cache', 'target-allocator');
  const stamp = createHash('sha256')
    .update(await readFile(new URL(import.meta.url), 'utf8'))
    .update(process.arch);
  const folder = join(cache, `image-base-${stamp.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) await makeOnce(cache, folder);
  const bwrap = join(folder, 'tools', 'usr', 'bin', 'bwrap');
  const probe = ['--ro-bind', '/', '/', '--unshare-all', '--share-net', '--', 'true'];
  await run(bwrap, probe).catch((error) => {
    throw new BaseUnavailable('programs get no namespaces of their own here', { cause: error });
  });
  return { rootfs: join(folder, 'rootfs'), layer: join(folder, 'layer.tar.gz'), bwrap };
}

async function makeOnce(cache, folder) {
  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(join(cache, 'making-image-base-'));
  try {
    await requireRelease();
    const debs = await downloadDebs(making);
    const rootfs = join(making, 'rootfs');
    await mkdir(rootfs);
    for (const deb of debs) {
      const target = deb.includes(`/${sandboxPackage}_`) ? join(making, 'tools') : rootfs;
      await run('dpkg-deb', ['--extract', deb, target]);
    }
    await addNode(making, rootfs);
    await finish(rootfs);
    await makeLayer(rootfs, join(making, 'layer.tar.gz'));
    for (const part of ['debs', 'apt', 'npm']) {
      await rm(join(making, part), { recursive: true, force: true });
    }
    // Another may have made it meanwhile: either will do.
    await rename(making, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function requireRelease() {
  const text = await readFile('/etc/os-release', 'utf8').catch(() => '');
  if (text.includes(`VERSION_CODENAME=${release}`)) return;
  throw new BaseUnavailable(
    `the image's libraries are those of Debian ${release}; this is another`,
  );
}

/** With the package lists of the machine, or with lists of its own where those are missing or old. */
async function downloadDebs(making) {
  const debs = join(making, 'debs');
  const lists = join(making, 'apt', 'lists');
  await mkdir(debs);
  await mkdir(join(lists, 'partial'), { recursive: true });
  const own = [`Dir::State::lists=${lists}`, `Dir::Cache=${join(making, 'apt')}`];
  const bounds = ['Acquire::Retries=1', 'Acquire::http::Timeout=20', 'APT::Sandbox::User='];
  const apt = (words, options) =>
    bounded('apt-get', [...words, ...[...bounds, ...options].flatMap((o) => ['-o', o])], debs);
  const download = ['download', ...packages, sandboxPackage];
  try {
    await apt(download, []).catch(async () => {
      await apt(['update'], own);
      await apt(download, own);
    });
  } catch (error) {
    throw new BaseUnavailable('the Debian packages of its base cannot be had', { cause: error });
  }
  return (await readdir(debs)).filter((name) => name.endsWith('.deb')).map((n) => join(debs, n));
}

async function addNode(making, rootfs) {
  const folder = join(making, 'npm');
  await mkdir(folder);
  const name = `node-linux-${process.arch}@${nodeVersion}`;
  const bounds = ['--fetch-timeout=60000', '--fetch-retries=1'];
  try {
    await bounded('npm', ['pack', name, '--silent', ...bounds], folder);
  } catch (error) {
    throw new BaseUnavailable(`${name} cannot be had`, { cause: error });
  }
  const [tarball = ''] = await readdir(folder);
  await run('tar', ['-xzf', tarball, 'package/bin/node', 'package/LICENSE'], { cwd: folder });
  await cp(join(folder, 'package'), join(rootfs, 'nodejs'), { recursive: true });
}

/** What package scripts and the makers of the image do, and what these leave out. */
async function finish(rootfs) {
  const at = (path) => join(rootfs, path);
  const mozilla = at('usr/share/ca-certificates/mozilla');
  const certificates = (await readdir(mozilla)).sort();
  const texts = await Promise.all(
    certificates.map((name) => readFile(join(mozilla, name), 'utf8')),
  );
  await mkdir(at('etc/ssl/certs'), { recursive: true });
  await writeFile(at('etc/ssl/certs/ca-certificates.crt'), texts.join(''));
  const users = { root: 0, nobody: 65534, nonroot: 65532 };
  const lines = (line) =>
    Object.entries(users)
      .map(([name, id]) => `${line(name, id)}\n`)
      .join('');
  const home = { root: '/root', nobody: '/nonexistent', nonroot: '/home/nonroot' };
  const passwd = (name, id) => `${name}:x:${id}:${id}:${name}:${home[name]}:/sbin/nologin`;
  await writeFile(at('etc/passwd'), lines(passwd));
  await writeFile(
    at('etc/group'),
    lines((name, id) => `${name}:x:${id}:`),
  );
  await writeFile(at('etc/nsswitch.conf'), 'hosts: files dns\n');
  for (const path of ['home/nonroot', 'dev', 'proc', 'sys', 'tmp']) {
    await mkdir(at(path), { recursive: true });
  }
  for (const path of needless) await rm(at(path), { recursive: true, force: true });
  await run('find', [at('usr/share/doc'), '-type', 'f', '!', '-name', 'copyright', '-delete']);
  if (!existsSync(at('etc/localtime'))) {
    await symlink('/usr/share/zoneinfo/Etc/UTC', at('etc/localtime'));
  }
  await run('chmod', ['1777', at('tmp')]);
}

/** A layer as images have them: the same bytes for the same files. */
export async function makeLayer(folder, file, under = '.') {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  const words = ['-C', folder, ...same, '--use-compress-program=gzip -n', '-cf', file, under];
  await run('tar', words);
}

function bounded(program, words, cwd) {
  return run(program, words, { cwd, timeout: stepTimeoutMs, maxBuffer: 16 << 20 });
}
