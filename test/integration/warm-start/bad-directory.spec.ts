import { readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { Program } from '../../fixtures/program.js';
import { collectors, RestartedAllocator } from './restarted-allocator.js';

const jobs = ['a', 'b', 'c'];
const config = {
  collector_source: { type: 'static', collectors: collectors.map((name) => ({ name })) },
  config: {
    scrape_configs: jobs.map((job) => ({
      job_name: job,
      static_configs: [{ targets: [`${job}:1`] }],
    })),
  },
};

let started: RestartedAllocator | undefined;
let other: Allocator | undefined;
afterEach(async () => {
  await other?.stop();
  await started?.stop();
});

async function ready(): Promise<RestartedAllocator> {
  started = await RestartedAllocator.start({ config });
  await started.allocator.waitUntilReady();
  await started.untilKept('a:1', 'b:1', 'c:1');
  return started;
}

const linesOf = ({ allocator }: RestartedAllocator, message: string): readonly string[] =>
  allocator.program.output.split('\n').filter((line) => line.includes(message));

describe('files that cannot be used', () => {
  it('cost one line each, and nothing else', async () => {
    const warm = await ready();
    await warm.allocator.program.kill();
    const [first = '', second = '', third = ''] = await warm.files(/^job-/);
    await writeFile(warm.file(first), (await readFile(warm.file(first))).subarray(0, 40));
    await writeFile(warm.file(second), gzipSync(Buffer.from('\0\0\0\u000c{"format":2}')));
    await rm(warm.file(third));
    await symlink('/etc/passwd', warm.file(third));
    await warm.restart();
    await warm.allocator.waitUntilReady();
    const lines = linesOf(warm, 'kept state is not used');
    expect(lines).toHaveLength(3);
    for (const [file, reason] of [
      [first, 'damaged'],
      [second, 'format 2'],
      [third, 'no regular file'],
    ] as const) {
      expect(lines.find((line) => line.includes(file))).toContain(reason);
    }
    await warm.untilKept('a:1', 'b:1', 'c:1');
  });

  it('of other collectors or by another program are left alone until there is something better', async () => {
    const warm = await ready();
    await warm.allocator.program.kill();
    await writeFile(warm.file('snapshot.gz'), 'something else');
    await warm.restart();
    await warm.allocator.waitUntilReady();
    expect(linesOf(warm, 'kept state is not used')).toHaveLength(1);
    await warm.untilKept('a:1');
  });
});

describe('a directory', () => {
  it('has one owner: a second process neither reads nor writes there', async () => {
    const warm = await ready();
    other = await Allocator.start({ config, flags: ['--state-dir', warm.directory] });
    await other.waitUntilReady();
    await eventually('it says so', () =>
      other?.program.output.includes('in use by another process') === true ? true : undefined,
    );
    const lines = other.program.output.split('\n');
    expect(lines.filter((line) => line.includes('state is neither read nor kept'))).toHaveLength(1);
  });

  it('that vanishes is made anew', async () => {
    const warm = await ready();
    await rm(warm.directory, { recursive: true });
    await warm.allocator.writeConfig({
      ...config,
      config: { scrape_configs: [{ job_name: 'new', static_configs: [{ targets: ['n:1'] }] }] },
    });
    await warm.untilKept('n:1');
    expect(warm.allocator.program.isRunning).toBe(true);
  });

  it('that cannot be made is told once, and the service goes on', async () => {
    started = await RestartedAllocator.start({ config });
    await started.allocator.program.kill();
    await rm(started.directory, { recursive: true, force: true });
    await writeFile(started.directory, 'a file');
    await started.restart();
    await started.allocator.waitUntilReady();
    await eventually('the metric says so', async () => {
      const { text } = await started!.allocator.get('/metrics');
      return /^opentelemetry_allocator_state_directory_usable\S* 0$/m.test(text) || undefined;
    });
    expect(linesOf(started, 'state cannot be kept')).toHaveLength(1);
    await rm(started.directory);
  });

  it('on a full disk is told once, and the service goes on', async () => {
    started = await RestartedAllocator.start({ config });
    const warm = started;
    await warm.allocator.waitUntilReady();
    await warm.untilKept('a:1');
    // No file of the process may grow beyond 64 bytes from now on.
    const pid = String(warm.allocator.program.pid);
    const limited = new Program('prlimit', ['--pid', pid, '--fsize=64:64']);
    expect(await limited.exited).toBe(0);
    await warm.allocator.writeConfig({
      ...config,
      config: { scrape_configs: [{ job_name: 'new', static_configs: [{ targets: ['n:1'] }] }] },
    });
    await eventually('it is told', () =>
      linesOf(warm, 'state cannot be kept').length > 0 ? true : undefined,
    );
    expect((await warm.allocator.get('/jobs/new/targets')).text).toContain('n:1');
    expect(await warm.files(/\.tmp$/)).toEqual([]);
    expect(await warm.kept()).toContain('a:1');
  });

  it('keeps its rights to its owner', async () => {
    const warm = await ready();
    expect((await stat(warm.directory)).mode & 0o777).toBe(0o700);
    for (const file of await warm.files(/\.gz$/)) {
      expect((await stat(warm.file(file))).mode & 0o777).toBe(0o600);
    }
  });
});
