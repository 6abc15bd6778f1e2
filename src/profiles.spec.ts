import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RecordingLogger } from '../test/fixtures/plugin-context.js';
import { FakeClock } from './modules/telemetry/testing/fake-clock.js';
import { Profiles } from './profiles.js';

describe('profiles on request', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'profiles-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('are a CPU profile and a heap snapshot in the folder', async () => {
    const clock = new FakeClock();
    const logger = new RecordingLogger();
    const written = new Profiles({ clock, logger }).write(join(folder, 'new'));
    await expect.poll(() => clock.pendingTimers).toBe(1);
    await clock.advance(10_000);
    await written;
    const names = (await readdir(join(folder, 'new'))).sort();
    expect(names.map((name) => name.replace(/^\d+/, ''))).toEqual(['.cpuprofile', '.heapsnapshot']);
    const text = await readFile(join(folder, 'new', names[0] ?? ''), 'utf8');
    expect(JSON.parse(text)).toHaveProperty('nodes');
  });

  it('are refused with a hint when no folder was named', async () => {
    const logger = new RecordingLogger();
    await new Profiles({ clock: new FakeClock(), logger }).write(undefined);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'profiles are off; start with --profile-dir to have them',
    ]);
  });

  it('say why they could not be written, and the process goes on', async () => {
    const logger = new RecordingLogger();
    const file = join(folder, 'file');
    await writeFile(file, '');
    await new Profiles({ clock: new FakeClock(), logger }).write(file);
    expect(logger.lines.map(({ level }) => level)).toEqual(['error']);
  });
});
