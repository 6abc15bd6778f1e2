import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = '/usr/bin/chromium';
const run = promisify(execFile);

/** Nothing installs it: where it is missing, its tests are skipped. */
export const isChromiumAvailable = existsSync(program);
if (!isChromiumAvailable) {
  process.stderr.write(`${program} is not installed: what it makes of hostile text is skipped\n`);
}

/** The document that a browser makes of a page, after its scripts have run. */
export async function documentOf(url: string): Promise<string> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  try {
    const { stdout } = await run(
      program,
      [...flags, `--user-data-dir=${profile}`, '--dump-dom', url],
      { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
    );
    return stdout;
  } finally {
    await rm(profile, { recursive: true, force: true });
  }
}
