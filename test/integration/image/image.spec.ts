import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pluginPackage, writePackage } from '../../fixtures/broken-plugins/plugin-package.js';
import { eventually } from '../../fixtures/eventually.js';
import { freePort } from '../../fixtures/free-port.js';
import { rawRequest } from '../../fixtures/raw-request.js';
import { BuiltImage } from './built-image.js';

const repository = join(import.meta.dirname, '../../..');
const built = await BuiltImage.make();
if (typeof built === 'string') console.warn(`the image is not tested: ${built}`);

const config = `
collector_source: { type: static, collectors: [{ name: collector-a }] }
config:
  scrape_configs:
    - job_name: shop
      static_configs: [{ targets: ['127.0.0.1:1', '127.0.0.1:2'] }]
`;
const configPath = '/conf/targetallocator.yaml';

describe.skipIf(typeof built === 'string')('the image', () => {
  const image = built as BuiltImage;
  let folder = '';
  let mounts: readonly string[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'image-config-'));
    await chmod(folder, 0o755);
    await writeFile(join(folder, 'targetallocator.yaml'), config);
    mounts = [`${join(folder, 'targetallocator.yaml')}:${configPath}`];
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('serves from a root that it cannot write to, and ends by the signal that engines send', async () => {
    const port = await freePort();
    const address = `--listen-addr=127.0.0.1:${String(port)}`;
    const program = image.start({ args: [address], mounts });
    try {
      await program.waitForOutput(/"msg":"serving"/);
      const get = (path: string) => rawRequest({ port, path });
      expect((await get('/livez')).status).toBe(200);
      const ready = await eventually('it is ready', async () => {
        const answer = await get('/readyz');
        return answer.status === 200 ? answer : undefined;
      });
      expect(ready.status).toBe(200);
      const targets = await get('/jobs/shop/targets?collector_id=collector-a');
      expect(targets.text).toContain('127.0.0.1:1');
      expect(await program.stop(20_000)).toBe(0);
    } finally {
      await program.kill();
    }
  });

  it('compiles nothing at its start that was compiled when it was built', async () => {
    const port = await freePort();
    const program = image.start({
      args: [`--listen-addr=127.0.0.1:${String(port)}`],
      env: ['NODE_DEBUG_NATIVE=COMPILE_CACHE'],
      mounts,
    });
    try {
      await eventually('it serves', () => rawRequest({ port, path: '/livez' }));
    } finally {
      await program.stop();
    }
    const read = program.output.split('\n').filter((line) => line.includes('reading cache from'));
    const code = read.filter((line) => line.includes('/dist/bundle/'));
    expect(code.length).toBeGreaterThan(4);
    expect(code.filter((line) => !line.includes('success'))).toEqual([]);
    const judged = program.output.match(/V8 code cache for .* was (accepted|rejected)/g) ?? [];
    expect(judged.length).toBeGreaterThan(4);
    expect(judged.filter((line) => line.endsWith('rejected'))).toEqual([]);
  });

  it('runs as user and group 65532, as process 1 and without rights', async () => {
    const script = `
      const [rights] = /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8')).slice(1);
      console.log(JSON.stringify([process.getuid(), process.getgid(), process.pid, rights]));`;
    expect(await image.evaluate(script)).toEqual([65532, 65532, 1, '0'.repeat(16)]);
  });

  it.skipIf(process.getuid?.() !== 0).each([
    ['a root that cannot be written to', false, ['/tmp']],
    // What Debian lets everybody write to.
    ['a root that can be', true, ['/tmp', '/var/lock', '/var/tmp']],
  ])(
    'lets its user write to nothing but what is for that, with %s',
    async (_, isRootWritable, writable) => {
      const script = `
      const written = [];
      const visit = (folder) => {
        if (['/proc', '/sys', '/dev'].includes(folder)) return;
        try { fs.writeFileSync(folder + '/probe', ''); fs.rmSync(folder + '/probe'); written.push(folder); } catch {}
        let entries = [];
        try { entries = fs.readdirSync(folder, { withFileTypes: true }); } catch {}
        for (const entry of entries) {
          const path = folder === '/' ? '/' + entry.name : folder + '/' + entry.name;
          if (entry.isDirectory()) visit(path);
          else if (entry.isFile()) try { fs.closeSync(fs.openSync(path, 'r+')); written.push(path); } catch {}
        }
      };
      visit('/');
      console.log(JSON.stringify(written.sort()));`;
      expect(await image.evaluate(script, { isRootWritable })).toEqual(writable);
    },
  );

  it('has no program but Node: no shell, no package manager', async () => {
    const programs: string[] = [];
    const entries = await readdir(image.rootfs, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((file) => file.isFile())) {
      const path = join(entry.parentPath, entry.name);
      const isProgram = ((await stat(path)).mode & 0o111) !== 0;
      if (isProgram && !/\.so(\.|$)/.test(entry.name)) {
        programs.push(relative(image.rootfs, path));
      }
    }
    expect(programs).toEqual(['nodejs/bin/node']);
    expect(entries.filter(({ name }) => /^(ba|da)?sh$|^busybox$|^apt/.test(name))).toEqual([]);
  });

  it('takes less than 80 MB to pull', () => {
    const { base, app } = image.report.compressedBytes;
    expect(app).toBeGreaterThan(1e6);
    expect(base + app).toBeLessThan(80e6);
  });

  it('says how it is run', () => {
    expect(image.report.config).toMatchObject({
      User: '65532:65532',
      Entrypoint: ['/nodejs/bin/node', '/app/dist/main.js'],
      ExposedPorts: { '8080/tcp': {}, '8443/tcp': {} },
      StopSignal: 'SIGTERM',
    });
  });

  it('lets the heap have three quarters of the memory that there is', async () => {
    const script = `
      const available = Math.min(process.constrainedMemory() || Infinity, os.totalmem());
      console.log(v8.getHeapStatistics().heap_size_limit / available);`;
    const share = await image.evaluate(script);
    // The young generation comes on top.
    expect(share).toBeGreaterThan(0.74);
    expect(share).toBeLessThan(0.8);
  });

  it('has the commands, which know the commit and the templates', async () => {
    const version = JSON.parse(
      await image.run({ args: ['version', '--format', 'json'] }),
    ) as object;
    const { Labels: labels } = image.report.config;
    expect(version).toMatchObject({
      version: labels['org.opencontainers.image.version'],
      commit: labels['org.opencontainers.image.revision'] ?? null,
    });
    expect(await image.run({ args: ['check', configPath], mounts })).toContain('no errors');
    expect(await image.run({ args: ['rbac', '--config-file', configPath], mounts })).toContain(
      'Nothing is needed in the cluster',
    );
    const made = ['new-plugin', 'x', '--kind', 'strategy', '--dir', '/tmp/x'];
    expect(await image.run({ args: made })).toContain('src/index.ts');
  });

  it('gives the contract to a plugin that is mounted', async () => {
    const plugin = join(folder, 'by-hand');
    const source = `
import { definePlugin, defineStrategy } from 'target-allocator/plugin-api';
const create = () => ({ prepare: (collectors) => () => collectors[0]?.name });
const provides = [defineStrategy({ name: 'by-hand', stability: 'alpha', create })];
export default definePlugin({ name: 'by-hand', provides });
`;
    await writePackage(plugin, pluginPackage('by-hand', { source }));
    const output = await image.run({
      args: ['plugin', 'check', '/plugins/by-hand'],
      mounts: [`${plugin}:/plugins/by-hand`],
    });
    expect(output).toContain('by-hand@1.2.3 can be loaded');
  });

  it('tells what it is made of: each package of the program, in its version', async () => {
    const bill = (await image.readJson('app/sbom.spdx.json')) as {
      readonly packages: readonly { readonly name: string; readonly versionInfo: string }[];
    };
    const listed = new Set(bill.packages.map((part) => `${part.name}@${part.versionInfo}`));
    const manifest = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const wanted = Object.entries(manifest.dependencies).map(([name, v]) => `${name}@${v}`);
    expect(wanted.filter((part) => !listed.has(part))).toEqual([]);
    expect(bill.packages.filter(({ name }) => name === 'vitest' || name === 'eslint')).toEqual([]);
  });
});
