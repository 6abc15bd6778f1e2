import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../../test/fixtures/eventually.js';
import { FakeClock } from '../../plugin-api/testing/index.js';
import { trialLoad } from './trial-load.js';

const timeoutMs = 10_000;

let folder = '';
let clock: FakeClock;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trial-'));
  clock = new FakeClock();
});
afterEach(() => rm(folder, { recursive: true }));

interface WaitingModule {
  readonly url: string;
  /** Resolves when its import has begun. */
  begun(): Promise<unknown>;
  /** Ends its import. */
  letGo(): Promise<void>;
}

async function waitingModule(name: string): Promise<WaitingModule> {
  const file = join(folder, `${name}.mjs`);
  const begun = join(folder, `${name}-has-begun`);
  const end = join(folder, `${name}-may-end`);
  await writeFile(
    file,
    `import { existsSync, writeFileSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    writeFileSync(${JSON.stringify(begun)}, '');
    while (!existsSync(${JSON.stringify(end)})) await setTimeout(5);`,
  );
  return {
    url: pathToFileURL(file).href,
    begun: () => eventually(`the import of ${name}`, () => existsSync(begun) || undefined),
    letGo: () => writeFile(end, ''),
  };
}

const timerIsArmed = (): Promise<true> =>
  eventually('a timer', () => clock.pendingTimers === 1 || undefined);

it('gives up an import that takes too long', async () => {
  const plugin = await waitingModule('plugin');
  const trial = trialLoad(plugin.url, { name: 'slow' }, { clock, timeoutMs });
  const outcome = expect(trial).rejects.toMatchObject({ code: 'TA_PLUGIN_HUNG' });
  await timerIsArmed();
  await clock.advance(timeoutMs);
  await outcome;
});

it('counts from when the import begins, whatever its thread has needed before', async () => {
  const prelude = await waitingModule('prelude');
  const plugin = await waitingModule('plugin');
  const options = { clock, timeoutMs, prelude: prelude.url };
  const trial = trialLoad(plugin.url, { name: 'late' }, options);
  await prelude.begun();
  await clock.advance(10 * timeoutMs);
  await prelude.letGo();
  await plugin.begun();
  await timerIsArmed();
  await clock.advance(timeoutMs - 1);
  await plugin.letGo();
  await trial;
  expect(clock.pendingTimers).toBe(0);
});
