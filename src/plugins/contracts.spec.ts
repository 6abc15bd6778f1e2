import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type Collector,
  type HttpClient,
  loadXxhash64,
  type ScrapeConfig,
  type TargetGroup,
} from '../plugin-api/index.js';
import {
  fakeContext,
  type FakeContext,
  filterContract,
  sourceContract,
  type SourceWorld,
  strategyContract,
} from '../plugin-api/testing/index.js';
import { fileCollectors } from './collectors/file/file-collectors.js';
import { staticCollectors } from './collectors/static/static-collectors.js';
import { fileDiscovery } from './discovery/file/file-discovery.js';
import { httpDiscovery } from './discovery/http/http-discovery.js';
import { kubernetesDiscovery } from './discovery/kubernetes/kubernetes-discovery.js';
import { newCluster } from './discovery/kubernetes/testing/run-discovery.js';
import { staticDiscovery } from './discovery/static/static-discovery.js';
import { relabelConfigFilter } from './filters/relabel-config/relabel-config-filter.js';
import { consistentHashing } from './strategies/consistent-hashing/consistent-hashing.js';
import { leastWeighted } from './strategies/least-weighted/least-weighted.js';
import { perNode } from './strategies/per-node/per-node.js';

const runner = { describe, it, expect };
beforeAll(loadXxhash64);

// The ring of the Go allocator moves up to twice what would be needed (10 → 11 collectors: 16 %, ideally 9 %).
strategyContract(runner, consistentHashing, undefined, { movesAtMost: 0.2 });
strategyContract(runner, leastWeighted, undefined, {
  sticky: true,
  movesAtMost: 0.1,
  skewAtMost: 1,
});
strategyContract(runner, perNode, undefined, { movesAtMost: 0.1, skewAtMost: 0 });

const job = (job_name: string, more: Partial<ScrapeConfig>): ScrapeConfig => ({
  job_name,
  scrape_interval: '30s',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
  ...more,
});
const podName = '__meta_kubernetes_pod_name';
filterContract(runner, relabelConfigFilter, undefined, {
  jobs: [
    job('no rules', {}),
    job('keep', {
      relabel_configs: [{ source_labels: [podName], regex: 'pod-1.*', action: 'keep' }],
    }),
    job('map', {
      relabel_configs: [
        { regex: '__meta_kubernetes_(.+)', action: 'labelmap' },
        { regex: 'pod_.*', action: 'labeldrop' },
        {
          source_labels: ['namespace'],
          target_label: 'n',
          regex: '(.)amespace-(.)',
          replacement: '$2$1',
        },
      ],
    }),
  ],
});

/** Time for files, sockets and timers. */
async function proceed({ clock }: FakeContext): Promise<void> {
  await clock.advance(200);
  await wait(5);
}
function inFolder(): { readonly folder: string; readonly close: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const close = (): void => {
    rmSync(folder, { recursive: true });
  };
  return { folder, close };
}
const sourcesOf = (groups: readonly TargetGroup[]): readonly string[] =>
  groups.filter(({ targets }) => targets.length > 0).map(({ source }) => source);
const hasDeletion = (emissions: readonly (readonly TargetGroup[])[]): boolean =>
  emissions.slice(1).some((groups) => groups.some(({ targets }) => targets.length === 0));

sourceContract<readonly TargetGroup[]>(runner, {
  name: 'discovery/static',
  open: () => {
    const context = fakeContext();
    const configs = [{ targets: ['a:1'] }, { targets: ['b:1'] }];
    const source = staticDiscovery.create(configs, context);
    return { source, proceed: () => proceed(context) };
  },
  isComplete: (first) => sourcesOf(first).length === 2,
  showsRemoval: hasDeletion,
});

sourceContract<readonly TargetGroup[]>(runner, {
  name: 'discovery/file',
  open: (): SourceWorld<readonly TargetGroup[]> => {
    const { folder, close } = inFolder();
    const context = fakeContext();
    for (const name of ['a', 'b']) {
      writeFileSync(join(folder, `${name}.json`), `[{"targets": ["${name}:1"]}]`);
    }
    return {
      source: fileDiscovery.create(
        { files: [join(folder, '*.json')], refresh_interval: '10s' },
        context,
      ),
      removeSomething: () => {
        rmSync(join(folder, 'b.json'));
      },
      proceed: () => proceed(context),
      pendingTimers: () => context.clock.pendingTimers,
      close,
    };
  },
  isComplete: (first) => sourcesOf(first).length === 2,
  showsRemoval: hasDeletion,
});

sourceContract<readonly TargetGroup[]>(runner, {
  name: 'discovery/http',
  open: (): SourceWorld<readonly TargetGroup[]> => {
    let body = '[{"targets": ["a:1"]}, {"targets": ["b:1"]}]';
    const client: HttpClient = {
      request: () =>
        Promise.resolve({
          status: 200,
          headers: { 'content-type': 'application/json' },
          body: Buffer.from(body),
        }),
      close: () => Promise.resolve(),
    };
    const context = fakeContext(() => client);
    const settings = { follow_redirects: true, enable_http2: true };
    return {
      source: httpDiscovery.create(
        { url: 'http://sd/', refresh_interval: '10s', ...settings },
        context,
      ),
      removeSomething: () => {
        body = '[{"targets": ["a:1"]}]';
      },
      proceed: () => proceed(context),
      pendingTimers: () => context.clock.pendingTimers,
    };
  },
  isComplete: (first) => sourcesOf(first).length === 2,
  showsRemoval: hasDeletion,
});

sourceContract<readonly TargetGroup[]>(runner, {
  name: 'discovery/kubernetes',
  open: (): SourceWorld<readonly TargetGroup[]> => {
    const cluster = newCluster();
    for (const name of ['a', 'b']) {
      const metadata = { name, namespace: 'shop' };
      cluster.put('services', { metadata, spec: { ports: [{ name: 'web', port: 80 }] } });
    }
    cluster.sync();
    const context = { ...fakeContext(), kubernetesServers: { server: () => cluster } };
    const settings = { kubeconfig_file: '', follow_redirects: true, enable_http2: true };
    return {
      source: kubernetesDiscovery.create({ role: 'service', ...settings }, context),
      removeSomething: () => {
        cluster.delete('services', 'shop/b');
      },
      proceed: () => proceed(context),
      pendingTimers: () => context.clock.pendingTimers,
    };
  },
  isComplete: (first) => sourcesOf(first).length === 2,
  showsRemoval: hasDeletion,
});

const namesOf = (collectors: readonly Collector[]): string =>
  collectors.map(({ name }) => name).join();

sourceContract<readonly Collector[]>(runner, {
  name: 'collectors/static',
  open: () => {
    const context = fakeContext();
    const source = staticCollectors.create({ collectors: [{ name: 'a' }, { name: 'b' }] }, context);
    return { source, proceed: () => proceed(context) };
  },
  isComplete: (first) => namesOf(first) === 'a,b',
  showsRemoval: () => true,
});

sourceContract<readonly Collector[]>(runner, {
  name: 'collectors/file',
  open: (): SourceWorld<readonly Collector[]> => {
    const { folder, close } = inFolder();
    const context = fakeContext();
    const path = join(folder, 'collectors.json');
    const write = (text: string): void => {
      writeFileSync(path, text);
    };
    write('[{"name": "a"}, {"name": "b"}]');
    return {
      source: fileCollectors.create({ path }, context),
      removeSomething: () => {
        write('[{"name": "a"}]');
      },
      proceed: () => proceed(context),
      pendingTimers: () => context.clock.pendingTimers,
      close,
    };
  },
  isComplete: (first) => namesOf(first) === 'a,b',
  showsRemoval: (emissions) => namesOf(emissions.at(-1) ?? []) === 'a',
});
