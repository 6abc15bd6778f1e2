import { struct } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { type Decoder, refined, text } from '../document/decoder.js';
import { refreshInterval } from './file-sd-config.js';
import { parseGoUrl } from './go-url.js';
import { checkedHttpClient, httpClientFields } from './http-client-config.js';
import type { HttpSdConfig } from './model.js';
import { durationMs } from './value-decoders.js';

const defaultRefreshMs = 60_000;

/** One element of `http_sd_configs`. */
export const httpSdConfig: Decoder<HttpSdConfig> = refined(
  struct({ url: text, refresh_interval: durationMs, ...httpClientFields }),
  (input, at) => {
    const { url = '', refresh_interval: refreshMs = defaultRefreshMs } = input;
    checkUrl(url, at.field('url'));
    return { url, ...refreshInterval(refreshMs), ...checkedHttpClient(input, at) };
  },
);

/** The URL may carry a password: problems do not show it. */
function checkUrl(url: string, at: Cursor): void {
  const parsed = parseGoUrl(url);
  if (url === '') at.error('the URL is missing');
  else if (!parsed.ok) at.error(parsed.message, { hideValue: true });
  else if (!['http', 'https'].includes(parsed.url.scheme)) {
    at.error('the URL must begin with http:// or https://', { hideValue: true });
  } else if (parsed.url.authority.host === '') {
    at.error('the URL has no host', { hideValue: true });
  }
}
