import { expect } from 'vitest';
import { Allocator } from '../../fixtures/allocator.js';

export interface ShownResource {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly state: 'accepted' | 'rejected' | 'pending';
  readonly reasons: readonly string[];
  readonly jobs: readonly string[];
}

export interface MonitoringOptions {
  readonly kubeconfigPath: string;
  readonly secretNamespaces: readonly string[];
  readonly revealsSecrets: boolean;
  /** The settings of the HTTPS listener. @default there is none */
  readonly https?: object;
}

/** The allocator as a process that makes jobs of all custom resources. Its logs tell everything. */
export function startMonitoring(options: MonitoringOptions): Promise<Allocator> {
  return Allocator.start({
    kubeconfigPath: options.kubeconfigPath,
    // Some discoveries never have an answer.
    flags: ['--zap-log-level', 'debug', '--startup-timeout', '5s'],
    config: {
      collector_source: { type: 'static', collectors: [{ name: 'c-0' }] },
      allow_insecure_auth_secrets: options.revealsSecrets,
      ...(options.https && { https: options.https }),
      prometheus_cr: {
        enabled: true,
        service_monitor_selector: {},
        pod_monitor_selector: {},
        probe_selector: {},
        scrape_config_selector: {},
        service_monitor_namespace_selector: {},
        pod_monitor_namespace_selector: {},
        probe_namespace_selector: {},
        scrape_config_namespace_selector: {},
        secret_namespaces: options.secretNamespaces,
      },
    },
  });
}

export async function resourceOf(allocator: Allocator, name: string): Promise<ShownResource> {
  const { resources } = (await allocator.getJson('/api/v1/resources?limit=1000')) as {
    readonly resources: readonly ShownResource[];
  };
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`no resource ${name}`);
  return found;
}

/** Waits until a resource is in a state. */
export async function expectState(
  allocator: Allocator,
  name: string,
  state: ShownResource['state'],
  timeout = 10_000,
): Promise<ShownResource> {
  const shown = () => resourceOf(allocator, name);
  await expect.poll(async () => (await shown()).state, { timeout, interval: 100 }).toBe(state);
  return shown();
}

/** The scrape configs as they are served, a text to search in. */
export async function scrapeConfigs(allocator: Allocator): Promise<string> {
  const { status, text } = await allocator.get('/scrape_configs');
  expect(status).toBe(200);
  return text;
}
