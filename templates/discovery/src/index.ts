import {
  definePlugin,
  defineServiceDiscovery,
  durationMs,
  type HttpClient,
  labelSetOf,
  parsePrometheusDuration,
  refreshSource,
  type StandardSchema,
  type TargetGroup,
} from 'target-allocator/plugin-api';

/** What users write in an entry of `my_name_sd_configs`. */
export interface MyNameConfig {
  /** Answers with a JSON object: the name of each service, and the addresses of its instances. */
  readonly url: string;
  /** A Prometheus duration. */
  readonly refresh_interval: string;
}

/** Checks an entry and fills in defaults. Any library that speaks Standard Schema does it, too: zod, valibot, … */
export const configSchema: StandardSchema<MyNameConfig> = {
  '~standard': {
    version: 1,
    vendor: 'my-name',
    validate: (value) => {
      const { url, refresh_interval = '1m' }: Partial<Record<string, unknown>> = value ?? {};
      if (typeof url !== 'string' || !URL.canParse(url)) {
        return { issues: [{ message: 'must be a URL', path: ['url'] }] };
      }
      if (typeof refresh_interval !== 'string' || !parsePrometheusDuration(refresh_interval).ok) {
        return { issues: [{ message: 'must be a duration like 30s', path: ['refresh_interval'] }] };
      }
      return { value: { url, refresh_interval } };
    },
  },
};

/** Asks once for everything there is. An error counts as a failed refresh: the former groups stay. */
async function fetchGroups(
  client: HttpClient,
  url: string,
  signal: AbortSignal,
): Promise<readonly TargetGroup[]> {
  const { status, body } = await client.request(url, { signal, maxBodyBytes: 10_000_000 });
  if (status !== 200) throw new Error(`${url} answered with status ${String(status)}`);
  const services: unknown = JSON.parse(new TextDecoder().decode(body));
  if (typeof services !== 'object' || services === null) throw new Error(`${url}: no JSON object`);
  return Object.entries(services).map(([service, addresses]) => ({
    // One group for each service: only those that changed are sent on.
    source: service,
    labels: labelSetOf([['__meta_my_name_service', service]]),
    targets: addressesOf(addresses).map((address) => labelSetOf([['__address__', address]])),
  }));
}

function addressesOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export const myNameDiscovery = defineServiceDiscovery<MyNameConfig>({
  name: 'my_name',
  stability: 'alpha',
  configSchema,
  create: ({ url, refresh_interval }, context) => ({
    run: async (emit, signal) => {
      const client = context.httpClient({ follow_redirects: true, enable_http2: true });
      const source = refreshSource({
        mechanism: 'my_name',
        intervalMs: durationMs(refresh_interval),
        refresh: (refreshSignal) => fetchGroups(client, url, refreshSignal),
        context,
      });
      try {
        await source.run(emit, signal);
      } finally {
        await client.close();
      }
    },
  }),
});

export default definePlugin({ name: 'my-package', provides: [myNameDiscovery] });
