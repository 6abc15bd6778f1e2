import { expect, onTestFinished, vi } from 'vitest';
import { testContext } from '../../../../../test/fixtures/plugin-context.js';
import type { KubernetesSdConfig, TargetGroup } from '../../../../plugin-api/index.js';
import { FakeCluster } from '../../../../plugin-api/testing/index.js';
import { kubernetesDiscovery } from '../kubernetes-discovery.js';

export type Config = Pick<KubernetesSdConfig, 'role'> & Partial<KubernetesSdConfig>;

/** Metadata of these kinds is wanted. */
export const wanting = (
  ...names: (keyof NonNullable<KubernetesSdConfig['attach_metadata']>)[]
): Required<Pick<KubernetesSdConfig, 'attach_metadata'>> => ({
  attach_metadata: {
    node: names.includes('node'),
    namespace: names.includes('namespace'),
    deployment: names.includes('deployment'),
    job: names.includes('job'),
    cronjob: names.includes('cronjob'),
  },
});

/** The discovery at work on a cluster; everything that it emitted. */
export function discover(cluster: FakeCluster, config: Config) {
  const context = { ...testContext(), kubernetesServers: { server: () => cluster } };
  const source = kubernetesDiscovery.create(
    { kubeconfig_file: '', follow_redirects: true, enable_http2: true, ...config },
    context,
  );
  const emitted: (readonly TargetGroup[])[] = [];
  const stop = new AbortController();
  const ended = source.run((groups) => emitted.push(groups), stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await ended;
    expect(cluster.opened.size).toBe(0);
  });
  return { context, emitted, stop, ended };
}

/** Waits for the emission of that number, and says which groups it has, and with how many targets. */
export async function emission(
  { emitted }: ReturnType<typeof discover>,
  number: number,
): Promise<Readonly<Record<string, number>>> {
  await vi.waitFor(() => {
    expect(emitted.length).toBeGreaterThan(number);
  });
  return Object.fromEntries(
    (emitted[number] ?? []).map(({ source, targets }) => [source, targets.length]),
  );
}

/** An empty cluster that has not synced. */
export function newCluster(ownNamespace?: string): FakeCluster {
  return new FakeCluster(ownNamespace);
}
