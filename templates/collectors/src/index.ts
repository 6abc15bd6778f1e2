import {
  type Collector,
  defineCollectorSource,
  definePlugin,
  type HttpClient,
  type StandardSchema,
} from 'target-allocator/plugin-api';

/** What users write in `collector_source`, beside `type: my-name`. */
export interface MyNameOptions {
  /** Answers with a JSON list of the collectors' names. */
  readonly url: string;
}

const REFRESH_INTERVAL_MS = 10_000;

/** Checks the options. Any library that speaks Standard Schema does it, too: zod, valibot, … */
export const optionsSchema: StandardSchema<MyNameOptions> = {
  '~standard': {
    version: 1,
    vendor: 'my-name',
    validate: (value) => {
      const { url }: Partial<Record<string, unknown>> = value ?? {};
      return typeof url === 'string' && URL.canParse(url)
        ? { value: { url } }
        : { issues: [{ message: 'must be a URL', path: ['url'] }] };
    },
  },
};

async function fetchCollectors(
  client: HttpClient,
  url: string,
  signal: AbortSignal,
): Promise<readonly Collector[]> {
  const { status, body } = await client.request(url, { signal, maxBodyBytes: 1_000_000 });
  const names: unknown = status === 200 ? JSON.parse(new TextDecoder().decode(body)) : undefined;
  // Never an empty list by mistake: it would take all targets away.
  if (!Array.isArray(names)) throw new Error(`${url} gave no list (status ${String(status)})`);
  return names.map((name) => ({ name: String(name) }));
}

export const myNameCollectors = defineCollectorSource<MyNameOptions>({
  name: 'my-name',
  stability: 'alpha',
  configSchema: optionsSchema,
  create: ({ url }, context) => ({
    run: async (emit, signal) => {
      const client = context.httpClient({ follow_redirects: true, enable_http2: true });
      try {
        while (!signal.aborted) {
          try {
            const collectors = await fetchCollectors(client, url, signal);
            // Always the full list.
            if (!isAborted(signal)) emit(collectors);
          } catch (error) {
            if (!isAborted(signal))
              context.logger.warn('the last known collectors stay', { error });
          }
          await context.clock.sleep(REFRESH_INTERVAL_MS, signal);
        }
      } finally {
        await client.close();
      }
    },
  }),
});

/** Asked anew after each wait: a signal aborts while one waits. */
const isAborted = (signal: AbortSignal): boolean => signal.aborted;

export default definePlugin({ name: 'my-package', provides: [myNameCollectors] });
