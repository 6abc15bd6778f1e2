import { authorization } from './authorization.js';
import { basicAuth } from './basic-auth.js';
import { type DocumentFields, present } from './document-fields.js';
import { oauth2 } from './oauth2.js';
import type { References } from './references.js';
import type { ScrapeClass } from './scrape-class.js';
import type { SpecValue } from './spec-value.js';
import { tlsConfig, type TlsOptions } from './tls.js';

/** How an HTTP client is read. */
export interface HttpClientOptions extends TlsOptions {
  readonly scrapeClass: ScrapeClass;
}

/**
 * What a monitor, a probe or a ScrapeConfig says about its HTTP client, except for the proxy, which a probe has elsewhere,
 * and for the exclusions, which not every kind has: see `checkAuthentication`.
 */
export function httpClientFields(
  at: SpecValue,
  references: References,
  options: HttpClientOptions,
): DocumentFields {
  const { scrapeClass } = options;
  return present({
    follow_redirects: at.field('followRedirects').bool(),
    enable_http2: at.field('enableHttp2').bool(),
    tls_config: tlsConfig(at.field('tlsConfig'), references, options),
    basic_auth: basicAuth(at.field('basicAuth'), references),
    oauth2: oauth2(at.field('oauth2'), references),
    authorization: authorization(at.field('authorization'), references, scrapeClass),
  });
}
