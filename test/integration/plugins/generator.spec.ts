import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionKinds } from '../../../src/plugin-api/index.js';
import { Allocator, allocatorCommand } from '../../fixtures/allocator.js';
import { packAllocator } from '../../fixtures/packed-allocator.js';
import { Program } from '../../fixtures/program.js';
import { runProgram } from '../../fixtures/run-program.js';

/** With its own `node_modules`, which the others share, because an installation takes half a minute. */
const installed = 'made-strategy';
const others = definitionKinds.filter((kind) => kind !== 'strategy');
const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
const installTimeoutMs = 300_000;

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'generator-'));
  const tarball = await packAllocator(folder);
  const { command, args } = allocatorCommand();
  const made = ['new-plugin', installed, '--kind', 'strategy', '--allocator', `file:${tarball}`];
  await runProgram(command, [...args, ...made], folder);
  await runProgram('npm', install, join(folder, installed));
  await symlink(join(folder, installed, 'node_modules'), join(folder, 'node_modules'));
}, installTimeoutMs);
afterAll(() => rm(folder, { recursive: true }));

const tool = (name: string): string => join(folder, 'node_modules', '.bin', name);
const inFolder = (name: string) => (script: string) =>
  runProgram('npm', ['run', '--silent', script], join(folder, name));
const checked = async (directory: string) => {
  const check = new Program(
    tool('target-allocator'),
    ['plugin', 'check', directory, '--format', 'json'],
    { cwd: folder },
  );
  const code = await check.exited;
  return { code, report: JSON.parse(check.output) as unknown };
};

describe('a generated plugin', () => {
  it('builds, lints, passes its contract and is loadable, with the packed allocator and its own tools only', async () => {
    const npmRun = inFolder(installed);
    await npmRun('build');
    await npmRun('lint');
    expect(await npmRun('test')).toMatch(/Tests.*passed/);
    expect(await npmRun('check')).toContain('made-strategy@0.1.0 can be loaded');
  });

  it('allocates targets in the built service', async () => {
    const allocator = await Allocator.start({
      config: {
        collector_namespace: 'ns',
        collector_source: { type: 'static', collectors: [{ name: 'a' }, { name: 'b' }] },
        plugins: [{ package: join(folder, installed), options: { spread: 'jobs' } }],
        allocation_strategy: 'made-strategy',
        config: {
          scrape_configs: [{ job_name: 'j', static_configs: [{ targets: ['h:1', 'h:2'] }] }],
        },
      },
    });
    try {
      await allocator.waitUntilReady();
      for (const collector of ['a', 'b']) {
        const { text } = await allocator.get(`/jobs/j/targets?collector_id=${collector}`);
        expect(JSON.parse(text)).toHaveLength(1);
      }
    } finally {
      await allocator.stop();
    }
  });

  it('can be tested by the runner that comes with Node', async () => {
    const directory = join(folder, installed);
    await writeFile(
      join(directory, 'kit.test.mjs'),
      `import { describe, it } from 'node:test';
import { strategyContract } from 'target-allocator/testing';
import { madeStrategyStrategy } from './dist/index.js';
strategyContract({ describe, it }, madeStrategyStrategy, { spread: 'jobs' }, { sticky: true });
strategyContract({ describe, it }, madeStrategyStrategy, { spread: 'jobs' }, { skewAtMost: -1 });
`,
    );
    const program = new Program(
      process.execPath,
      ['--test', '--test-reporter=tap', 'kit.test.mjs'],
      { cwd: directory },
    );
    expect(await program.exited).toBe(1);
    expect(program.output).toMatch(/# pass 11\n# fail 1\n/);
    expect(program.output).toContain('TA_CONTRACT_BROKEN: the loads are');
  });
});

describe.each(others)('a generated plugin of the kind %s', (kind) => {
  const name = `made-${kind}`;

  it('builds, lints, passes its contract and is loadable', async () => {
    await runProgram(tool('target-allocator'), ['new-plugin', name, '--kind', kind], folder);
    const directory = join(folder, name);
    const [tests] = await Promise.all([
      runProgram(tool('vitest'), ['run'], directory),
      runProgram(tool('tsc'), ['-p', 'tsconfig.build.json'], directory),
      runProgram(tool('eslint'), ['--max-warnings', '0', '.'], directory),
    ]);
    expect(tests).toMatch(/Tests.*passed/);
    const { code, report } = await checked(name);
    const manifest = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
      readonly targetAllocator: { readonly provides: readonly string[] };
    };
    expect(report).toMatchObject({
      ok: true,
      name,
      provides: manifest.targetAllocator.provides.map((key) => ({ key, stability: 'alpha' })),
    });
    expect(code).toBe(0);
  });
});

describe('the check of a plugin', () => {
  it('fails with the error of a start', async () => {
    const { code, report } = await checked(folder);
    expect(code).toBe(1);
    expect(report).toMatchObject({ ok: false, error: { code: 'TA_PLUGIN_NOT_FOUND' } });
    const taken = join(folder, installed, 'package.json');
    const manifest = await readFile(taken, 'utf8');
    await writeFile(taken, manifest.replace('strategy/made-strategy', 'strategy/other'));
    expect((await checked(installed)).report).toMatchObject({
      ok: false,
      name: installed,
      error: { code: 'TA_PLUGIN_PROVIDES' },
    });
    await writeFile(taken, manifest);
  });
});

describe('the generator', () => {
  it('touches no folder that has something in it, and takes no name that npm would not take', async () => {
    const run = async (...args: readonly string[]) => {
      const program = new Program(tool('target-allocator'), ['new-plugin', ...args], {
        cwd: folder,
      });
      return [await program.exited, program.output] as const;
    };
    const [code, output] = await run(installed, '--kind', 'filter');
    expect([code, output]).toEqual([1, expect.stringContaining('TA_NEW_PLUGIN_FOLDER')]);
    expect(await run('Not A Name', '--kind', 'filter')).toEqual([
      1,
      expect.stringContaining('TA_NEW_PLUGIN_NAME'),
    ]);
  });
});
