import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.js';
import { Program } from '../fixtures/program.js';

const repository = resolve(import.meta.dirname, '../..');

interface HttpSdGroup {
  readonly targets: readonly string[];
}

/** What the README promises to someone who has Node and nothing else. */
it('npm start serves the standalone example, says where, and ends cleanly on Ctrl-C', async () => {
  const program = new Program(process.execPath, ['scripts/start.mjs'], { cwd: repository });
  try {
    const [url] = await program.waitForOutput(/http:\/\/[\w.]+:\d+/, 120_000);
    const jobs = await eventually(
      'jobs with targets',
      async () => {
        const answer = await fetch(`${url}/jobs`);
        if (answer.status !== 200)
          throw new Error(`${String(answer.status)} ${await answer.text()}`);
        const body = (await answer.json()) as Record<string, { _link: string }>;
        return Object.keys(body).length > 0 ? body : undefined;
      },
      { timeoutMs: 60_000 },
    );
    const addresses = new Set<string>();
    for (const { _link: link } of Object.values(jobs)) {
      const answer = await fetch(`${url}${link}`);
      const byCollector = (await answer.json()) as Record<string, { targets: HttpSdGroup[] }>;
      for (const { targets } of Object.values(byCollector)) {
        for (const group of targets) group.targets.forEach((address) => addresses.add(address));
      }
    }
    expect(addresses.size).toBeGreaterThan(0);
    for (const address of addresses) {
      const metrics = await fetch(`http://${address}/metrics`);
      expect(metrics.status, address).toBe(200);
    }
  } finally {
    program.signal('SIGINT');
  }
  await expect(program.exited).resolves.toBe(0);
});
