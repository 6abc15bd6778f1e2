import { list, mapOf, struct } from '../document/collections.js';
import { type Decoder, refined, text } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import type { HttpHeader } from './model.js';
import { omitEmpty } from './omit-empty.js';

/** Headers that the scraper sets itself. @see prometheus/common v0.70.1, config/headers.go */
const reservedHeaders = new Set([
  'authorization',
  'host',
  'content-encoding',
  'content-length',
  'content-type',
  'user-agent',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
  'accept-encoding',
  'x-prometheus-remote-write-version',
  'x-prometheus-remote-read-version',
  'x-prometheus-scrape-timeout-seconds',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
]);

const header: Decoder<HttpHeader> = refined(
  struct({ values: list(text), secrets: list(secret), files: list(text) }),
  (input) => omitEmpty(input),
);

/** `http_headers`: headers to send, by name; the scraper's own are refused. */
export const httpHeaders: Decoder<Readonly<Record<string, HttpHeader>>> = refined(
  mapOf(header),
  (headers, at) => {
    for (const name of Object.keys(headers)) {
      // Header names are ASCII: only its letters have cases here.
      const isAscii = /^[\x21-\x7e]+$/.test(name);
      if (isAscii && reservedHeaders.has(name.toLowerCase())) {
        at.key(name).error('this header may not be set', { hint: 'the scraper sets it itself' });
      }
    }
    return headers;
  },
);
