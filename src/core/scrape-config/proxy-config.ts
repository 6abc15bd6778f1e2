import { list, mapOf } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, decoder, nullable, type Decoder, text, textAt } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import type { Secret } from '../document/secret.js';
import { isSet } from './field-checks.js';
import { formatGoUrl, parseGoUrl } from './go-url.js';
import type { ProxyConfig } from './model.js';
import { omitEmpty } from './omit-empty.js';

/** A URL in Go's canonical form, its password included: problems with it never show it. */
export const url: Decoder<string> = nullable(
  decoder((at) => {
    const written = textAt(at, 'a URL');
    if (written === undefined) return undefined;
    const parsed = parseGoUrl(written);
    if (parsed.ok) return formatGoUrl(parsed.url, { hidePassword: false });
    at.error(parsed.message, { hideValue: true });
    return undefined;
  }),
);

/** The proxy settings, which stand beside other fields. */
export const proxyFields = {
  proxy_url: url,
  no_proxy: text,
  proxy_from_environment: bool,
  proxy_connect_header: mapOf(decoder((at): readonly Secret[] => list(secret).decode(at) ?? [])),
} as const;

/** What {@link proxyFields} give. */
export interface ProxyInput {
  readonly proxy_url?: string;
  readonly no_proxy?: string;
  readonly proxy_from_environment?: boolean;
  readonly proxy_connect_header?: Readonly<Record<string, readonly Secret[]>>;
}

/** Checks the proxy settings and leaves out those that say nothing. */
export function checkedProxy(input: ProxyInput, at: Cursor): ProxyConfig {
  checkProxy(input, at);
  const { proxy_url, no_proxy, proxy_from_environment, proxy_connect_header } = input;
  return {
    ...(proxy_url === undefined ? {} : { proxy_url }),
    ...omitEmpty({ no_proxy, proxy_from_environment, proxy_connect_header }),
  };
}

/** @see https://github.com/prometheus/common/blob/v0.70.1/config/http_config.go, `ProxyConfig.Validate` */
function checkProxy(input: ProxyInput, at: Cursor): void {
  const headers = Object.keys(input.proxy_connect_header ?? {});
  if (isSet(input.no_proxy) && at.lacks('proxy_url')) {
    at.field('no_proxy').error('no_proxy needs a proxy_url');
  }
  if (input.proxy_from_environment === true) {
    const place = at.field('proxy_from_environment');
    if (isSet(input.proxy_url)) place.error('proxy_from_environment excludes proxy_url');
    if (isSet(input.no_proxy)) {
      const hint = 'set the environment variable NO_PROXY instead';
      place.error('proxy_from_environment excludes no_proxy', { hint });
    }
  } else if (headers.length > 0 && !isSet(input.proxy_url)) {
    at.field('proxy_connect_header').error('proxy_connect_header needs a proxy', {
      hint: 'set proxy_url or proxy_from_environment',
    });
  }
}
