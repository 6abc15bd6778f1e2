import { authorization } from '../../generator/authorization.js';
import { basicAuth } from '../../generator/basic-auth.js';
import { type DocumentFields, present } from '../../generator/document-fields.js';
import { oauth2 } from '../../generator/oauth2.js';
import { proxyFields } from '../../generator/proxy.js';
import type { References } from '../../generator/references.js';
import type { SpecValue } from '../../generator/spec-value.js';
import { tlsConfig } from '../../generator/tls.js';
import { checkUrl } from './urls.js';

/** A part of the settings of an HTTP client; `flags` are redirects and HTTP/2. */
export type ClientPart = 'basicAuth' | 'authorization' | 'oauth2' | 'tlsConfig' | 'proxy' | 'flags';

export const wholeClient: readonly ClientPart[] = [
  'basicAuth',
  'authorization',
  'oauth2',
  'tlsConfig',
  'proxy',
  'flags',
];
export const clientWithoutBasicAuth = wholeClient.filter((part) => part !== 'basicAuth');

type ReadPart = (entry: SpecValue, references: References) => DocumentFields;

const readers: Readonly<Record<ClientPart, ReadPart>> = {
  basicAuth: (entry, references) =>
    present({ basic_auth: basicAuth(entry.field('basicAuth'), references) }),
  authorization: (entry, references) =>
    present({ authorization: authorization(entry.field('authorization'), references) }),
  oauth2: (entry, references) => {
    const at = entry.field('oauth2');
    checkUrl(at.field('proxyUrl'));
    return present({ oauth2: oauth2(at, references) });
  },
  tlsConfig: (entry, references) =>
    present({ tls_config: tlsConfig(entry.field('tlsConfig'), references) }),
  proxy: (entry, references) => {
    checkUrl(entry.field('proxyUrl'));
    return proxyFields(entry, references);
  },
  flags: (entry) =>
    present({
      follow_redirects: entry.field('followRedirects').bool(),
      enable_http2: entry.field('enableHTTP2').bool(),
    }),
};

/** The settings of an HTTP client that stand beside the other fields of a service discovery. */
export function clientFields(
  parts: readonly ClientPart[],
  entry: SpecValue,
  references: References,
): DocumentFields {
  return parts.reduce<DocumentFields>(
    (fields, part) => ({ ...fields, ...readers[part](entry, references) }),
    {},
  );
}

/** By their names in the document and in the resource. */
const methods = [
  ['basic_auth', 'basicAuth'],
  ['authorization', 'authorization'],
  ['oauth2', 'oauth2'],
] as const;

/** Rejects several ways to authenticate at once, which Prometheus refuses. */
export function checkAuthentication(fields: DocumentFields, at: SpecValue): void {
  const used = methods.filter(([field]) => field in fields).map(([, name]) => name);
  if (used.length > 1) at.reject(`${used.join(' and ')} exclude each other; keep one of them`);
}
