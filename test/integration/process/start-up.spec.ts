import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { configWith, ProcessFixture } from './fixture.js';

let fixture: ProcessFixture;
beforeEach(async () => {
  fixture = await ProcessFixture.create();
});
afterEach(() => fixture.remove());

describe('a start that cannot be', () => {
  it.each([
    ['', 'no scrape config'],
    ['config:\n\tscrape_configs: []\n', 'targetallocator.yaml:2:1'],
    [configWith(['a', 'a']), 'found multiple scrape configs with job name "a"'],
    [configWith(['a'], 'allocation_strategy: round-robin\n'), 'unknown allocation strategy'],
    [configWith(['a'], 'allocation_fallback_strategy: nearest\n'), 'unknown allocation strategy'],
    [configWith(['a'], 'prometheus_cr: {scrape_interval: 1d}\n'), 'not a valid duration'],
    [configWith(['a'], 'https: {enabled: true}\n'), 'HTTPS needs a certificate'],
    ['config: {scrape_configs: [{job_name: a}]}\n', 'the namespace of the collectors is not set'],
  ])('exits with 1 for %j and says why', async (text, reason) => {
    await fixture.write(text);
    const program = fixture.run();
    expect(await program.exited).toBe(1);
    expect(program.output).toContain('Failed to load config:');
    expect(program.output).toContain(reason);
  });

  it('exits with 1 when the file is missing or a directory', async () => {
    const missing = fixture.run();
    expect(await missing.exited).toBe(1);
    expect(missing.output).toContain('no such file');
    await mkdir(fixture.configFile);
    const directory = fixture.run();
    expect(await directory.exited).toBe(1);
    expect(directory.output).toContain('a directory, not a file');
  });

  it('exits with 1 when the address is taken', async () => {
    await fixture.write(configWith(['a']));
    const server = createServer().listen(fixture.port, '127.0.0.1');
    const program = fixture.run();
    expect(await program.exited).toBe(1);
    expect(program.output).toContain('EADDRINUSE');
    server.close();
  });

  it('exits with 2 and the usage for an unknown flag', async () => {
    const program = fixture.runWith(['--nonsense']);
    expect(await program.exited).toBe(2);
    expect(program.output).toContain('unknown flag: --nonsense');
    expect(program.output).toContain('Usage: target-allocator');
  });

  it('exits with 1 for an unknown key when asked to be strict', async () => {
    await fixture.write(configWith(['a'], 'nonsense: 1\n'));
    expect(await fixture.run(['--strict-config']).exited).toBe(1);
  });
});

describe('asked for words', () => {
  it.each([
    ['--help', '--zap-log-level'],
    ['--version', 'target-allocator '],
  ])('answers %s and exits with 0', async (flag, words) => {
    const program = fixture.runWith([flag]);
    expect(await program.exited).toBe(0);
    expect(program.output).toContain(words);
  });
});
