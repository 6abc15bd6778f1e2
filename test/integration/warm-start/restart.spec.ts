import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.js';
import { yamlText } from '../../fixtures/yaml-text.js';
import { collectors, Machines, RestartedAllocator } from './restarted-allocator.js';

const canary = 'canary-5f1c9e';
const addresses = Array.from({ length: 60 }, (_, i) => `machine-${String(i)}:9100`);

let machines: Machines | undefined;
let started: RestartedAllocator | undefined;
afterEach(async () => {
  await started?.stop();
  await machines?.close();
});

const configOf = (url: string, strategy: string): object => ({
  collector_source: { type: 'static', collectors: collectors.map((name) => ({ name })) },
  allocation_strategy: strategy,
  config: {
    scrape_configs: [
      {
        job_name: 'machines',
        basic_auth: { username: 'u', password: canary },
        http_sd_configs: [
          { url, refresh_interval: '1h', authorization: { credentials: `${canary}-sd` } },
        ],
      },
      { job_name: 'fixed', static_configs: [{ targets: ['fixed:1'] }] },
    ],
  },
});

async function ready(strategy: string, flags: readonly string[] = []): Promise<RestartedAllocator> {
  machines = await Machines.serve(addresses);
  started = await RestartedAllocator.start({ config: configOf(machines.url, strategy) }, flags);
  await started.allocator.waitUntilReady();
  await started.untilKept('fixed:1', ...addresses);
  return started;
}

describe.each(['consistent-hashing', 'least-weighted'])('a crash with %s', (strategy) => {
  it('is followed by the same answers, marked as stale, and by the same owners', async () => {
    const warm = await ready(strategy);
    const before = await warm.answers('machines');
    const owners = await warm.owners('machines');
    machines!.isAway = true;
    await warm.crashAndRestart();
    expect(await warm.answers('machines')).toEqual(before);
    const stale = await warm.allocator.get('/jobs/machines/targets?collector_id=c-0');
    expect(stale.headers).toMatchObject({
      warning: '110 target-allocator "response is stale"',
      age: expect.stringMatching(/^\d+$/) as unknown,
    });
    expect((await warm.allocator.get('/readyz')).status).toBe(503);
    expect((await warm.allocator.get('/readyz?verbose')).text).toContain('not known yet are those');
    expect((await warm.allocator.get('/jobs/machines/targets?collector_id=new')).status).toBe(503);
    expect((await warm.allocator.get('/jobs/unheard-of/targets')).text).not.toContain('machine-');

    machines!.isAway = false;
    await warm.allocator.waitUntilReady();
    const live = await warm.allocator.get('/jobs/machines/targets?collector_id=c-0');
    expect(live.headers.warning).toBeUndefined();
    expect(await warm.owners('machines')).toEqual(owners);
  });
});

describe('what is kept', () => {
  it('has no secret in it, and is for nobody else', async () => {
    const warm = await ready('least-weighted', ['--allow-insecure-auth-secrets']);
    const shown = (await warm.allocator.get('/scrape_configs')).text;
    expect(shown).toContain(canary);
    expect(await warm.kept()).not.toContain(canary);
    machines!.isAway = true;
    await warm.crashAndRestart();
    // The other job's scrape config is known from the file, so that the whole answer is live.
    expect((await warm.allocator.get('/scrape_configs')).text).toBe(shown);
  });

  it('ends with its job', async () => {
    const warm = await ready('consistent-hashing');
    const [config] = [configOf(machines!.url, 'consistent-hashing') as { config: object }];
    await warm.allocator.writeConfig({
      ...config,
      config: { scrape_configs: [{ job_name: 'other', static_configs: [{ targets: ['o:1'] }] }] },
    });
    await eventually('the files of the former jobs go', async () => {
      const kept = await warm.kept();
      return (kept.includes('o:1') && !kept.includes('machine-')) || undefined;
    });
    expect(await warm.files(/^job-/)).toHaveLength(1);
  });

  it('is complete after an orderly end, however shortly before it has changed', async () => {
    const warm = await ready('least-weighted');
    const config = configOf(machines!.url, 'least-weighted') as { config: { scrape_configs: [] } };
    const late = { job_name: 'late', static_configs: [{ targets: ['late:1'] }] };
    await warm.allocator.writeConfig({
      ...config,
      config: { scrape_configs: [...config.config.scrape_configs, late] },
    });
    await eventually('the late job is served', async () => {
      const { text } = await warm.allocator.get('/jobs/late/targets');
      return text.includes('late:1') || undefined;
    });
    await warm.allocator.program.stop();
    expect(await warm.kept()).toContain('late:1');
  });

  it('is answered no longer when it is too old', async () => {
    const warm = await ready('consistent-hashing', ['--state-max-age=1s']);
    machines!.isAway = true;
    await warm.allocator.program.kill();
    await sleep(1_500);
    await warm.restart();
    expect((await warm.allocator.get('/jobs/machines/targets?collector_id=c-0')).status).toBe(503);
    machines!.isAway = false;
    await warm.allocator.waitUntilReady();
  });
});

/** A cluster that is not there. */
const deadCluster = {
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }],
  users: [{ name: 'u', user: {} }],
  contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'x',
};

describe('an API server that is away when the allocator starts', () => {
  it('leaves the answers as they were, but for scrape configs whose secrets would be shown', async () => {
    machines = await Machines.serve(addresses);
    const folder = await mkdtemp(join(tmpdir(), 'cluster-'));
    const kubeconfigPath = join(folder, 'kubeconfig');
    await writeFile(kubeconfigPath, yamlText(deadCluster));
    const fixed = { ...configOf(machines.url, 'least-weighted'), collector_namespace: 'ns' };
    started = await RestartedAllocator.start({ config: fixed, kubeconfigPath });
    const warm = started;
    await warm.allocator.waitUntilReady();
    await warm.untilKept('fixed:1', ...addresses);
    const before = await warm.answers('machines');
    machines.isAway = true;
    // From here on jobs and collectors come from a cluster.
    const resources = { enabled: true, service_monitor_selector: {} };
    const clustered = Object.fromEntries(
      Object.entries(fixed).filter(([key]) => key !== 'collector_source'),
    );
    await warm.allocator.program.kill();
    await warm.allocator.writeConfig({ ...clustered, prometheus_cr: resources });
    await warm.restart();
    expect(await warm.answers('machines')).toEqual(before);
    for (const path of ['/scrape_configs', '/jobs', '/jobs/fixed/targets?collector_id=c-0']) {
      expect((await warm.allocator.get(path)).headers.warning, path).toBeDefined();
    }
    expect((await warm.allocator.get('/readyz')).status).toBe(503);

    await warm.allocator.program.kill();
    const insecure = { prometheus_cr: resources, allow_insecure_auth_secrets: true };
    await warm.allocator.writeConfig({ ...clustered, ...insecure });
    await warm.restart();
    const refused = await warm.allocator.get('/scrape_configs');
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('not known yet');
    expect((await warm.allocator.get('/jobs/fixed/targets')).status).toBe(200);
    await rm(folder, { recursive: true });
  });
});
