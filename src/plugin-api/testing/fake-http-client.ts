import type { HttpAnswer, HttpClient, HttpRequestOptions } from '../context.js';

/** What a server says in a test. */
export interface FakeAnswer {
  /** @default 200 */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as it is sent. */
  readonly body?: string;
}

/**
 * An HTTP client for tests that asks a function instead of a server. What the function throws, the request rejects with.
 *
 * @example fakeContext(() => fakeHttpClient((url) => ({ body: url.endsWith('/a') ? '[]' : '{}' })))
 */
export function fakeHttpClient(
  answer: (url: string, options: HttpRequestOptions) => FakeAnswer | Promise<FakeAnswer>,
): HttpClient {
  return {
    request: async (url, options): Promise<HttpAnswer> => {
      const { status = 200, headers = {}, body = '' } = await answer(url, options);
      return { status, headers, body: new TextEncoder().encode(body) };
    },
    close: () => Promise.resolve(),
  };
}
