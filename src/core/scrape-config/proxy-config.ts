import { list, mapOf } from '../document/collections.js';
import type { Cursor } from '../document/cursor.js';
import { bool, decoder, nullable, type Decoder, text, textAt } from '../document/decoder.js';
import { secret } from '../document/secret-decoder.js';
import type { Secret } from '../document/secret.js';
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

/** @see https://github.com/prometheus/common/blob/v0.70.1/config/http_config.go, `ProxyConfig` */
export function checkedProxy(input: ProxyInput, at: Cursor): ProxyConfig {
  const { proxy_url, no_proxy = '', proxy_from_environment = false, proxy_connect_header } = input;
  const hasProxy = proxy_url !== undefined && proxy_url !== '';
  const hasHeaders = Object.keys(proxy_connect_header ?? {}).length > 0;
  if (hasHeaders && !proxy_from_environment && !hasProxy) {
    at.field('proxy_connect_header').error('proxy_connect_header needs a proxy', {
      hint: 'set proxy_url or proxy_from_environment',
    });
  }
  if (proxy_from_environment && hasProxy) {
    at.field('proxy_from_environment').error('proxy_from_environment excludes proxy_url');
  }
  if (proxy_from_environment && no_proxy !== '') {
    at.field('proxy_from_environment').error('proxy_from_environment excludes no_proxy', {
      hint: 'set the environment variable NO_PROXY instead',
    });
  }
  if (no_proxy !== '' && at.lacks('proxy_url')) {
    at.field('no_proxy').error('no_proxy needs a proxy_url');
  }
  return {
    ...(proxy_url === undefined ? {} : { proxy_url }),
    ...omitEmpty({ no_proxy, proxy_from_environment, proxy_connect_header }),
  };
}
