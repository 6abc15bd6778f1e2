import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { eventually } from '../../fixtures/eventually.js';
import { configWith, ProcessFixture } from './fixture.js';

let fixture: ProcessFixture;
beforeEach(async () => {
  fixture = await ProcessFixture.create();
});
afterEach(() => fixture.remove());

async function jobs(): Promise<string> {
  const answer = await fetch(`${fixture.url}/scrape_configs`);
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(body);
  return Object.keys(JSON.parse(body) as object).join();
}

function served(expected: string): Promise<true> {
  return eventually(`the jobs ${expected}`, async (): Promise<true> => {
    const found = await jobs();
    if (found === expected) return true;
    throw new Error(`serves ${found}`);
  });
}

async function metric(name: string): Promise<number | undefined> {
  const text = await (await fetch(`${fixture.url}/metrics`)).text();
  const line = text.split('\n').find((candidate) => candidate.startsWith(name));
  return line === undefined ? undefined : Number(line.split(' ').at(-1));
}

/** What the kubelet does: a new directory, then one rename of the link. */
async function publish(version: string, content: string): Promise<void> {
  await mkdir(join(fixture.folder, version));
  await writeFile(join(fixture.folder, version, 'targetallocator.yaml'), content);
  await symlink(version, join(fixture.folder, '..data_tmp'));
  await rename(join(fixture.folder, '..data_tmp'), join(fixture.folder, '..data'));
}

it('follows the swap of a ConfigMap, and keeps what it has when the new one is bad', async () => {
  await publish('..v1', configWith(['a']));
  await symlink('..data/targetallocator.yaml', fixture.configFile);
  const program = fixture.run();
  await served('a');
  await publish('..v2', configWith(['a', 'b']));
  await served('a,b');
  expect(await metric('opentelemetry_allocator_config_last_reload_successful')).toBe(1);

  await publish('..v3', 'config: [');
  await program.waitForOutput(/configuration refused, the running one stays/);
  expect(await jobs()).toBe('a,b');
  expect(await metric('opentelemetry_allocator_config_last_reload_successful')).toBe(0);

  await publish('..v4', configWith(['c']));
  await served('c');
  expect(await metric('opentelemetry_allocator_config_last_reload_successful')).toBe(1);
  expect(program.isRunning).toBe(true);
});

it('reads the file anew on SIGHUP and says so', async () => {
  await fixture.write(configWith(['a']));
  const program = fixture.run();
  await served('a');
  program.signal('SIGHUP');
  await program.waitForOutput(/configuration reloaded.*SIGHUP/);
  await rm(fixture.configFile);
  program.signal('SIGHUP');
  await program.waitForOutput(/configuration refused.*no such file/);
  expect(await jobs()).toBe('a');
});

it('names what a restart is needed for, and goes on', async () => {
  await fixture.write(configWith(['a']));
  const program = fixture.run();
  await served('a');
  await fixture.write(configWith(['b'], 'kube_config_file_path: /elsewhere\n'));
  await program.waitForOutput(/take effect after a restart only.*kube_config_file_path/);
  await served('b');
});
