import type { Secret } from '../../../plugin-api/index.js';
import { type DocumentFields, present, userMap } from './document-fields.js';
import type { References } from './references.js';
import type { SpecValue } from './spec-value.js';

/** The proxy settings, which stand beside other fields, as fields of the document. */
export function proxyFields(at: SpecValue, references: References): DocumentFields {
  checkProxy(at);
  const headers = at.field('proxyConnectHeader');
  return present({
    proxy_url: at.field('proxyUrl').text(),
    no_proxy: at.field('noProxy').text(),
    proxy_from_environment: at.field('proxyFromEnvironment').bool(),
    proxy_connect_header: headers.isPresent ? connectHeaders(headers, references) : undefined,
  });
}

function connectHeaders(at: SpecValue, references: References): DocumentFields {
  return userMap(
    at.entries().map(([name, selectors]) => {
      const items = selectors.items();
      if (items.length === 0) selectors.reject('must have a value');
      const values = items.map((selector) => references.secret(selector));
      return [name, values.filter((value): value is Secret => value !== undefined)] as const;
    }),
  );
}

/** @see github.com/prometheus-operator/prometheus-operator v0.93.1, `ProxyConfig.Validate` */
export function checkProxy(at: SpecValue): void {
  const fromEnvironment = at.field('proxyFromEnvironment');
  const usesEnvironment = fromEnvironment.bool() === true;
  const hasUrl = isFilled(at.field('proxyUrl'));
  const hasExceptions = isFilled(at.field('noProxy'));
  const headers = at.field('proxyConnectHeader');
  if (headers.entries().length > 0 && !usesEnvironment && !hasUrl) {
    headers.reject('needs proxyUrl or proxyFromEnvironment');
  }
  if (usesEnvironment && hasUrl) fromEnvironment.reject('excludes proxyUrl');
  if (usesEnvironment && hasExceptions) fromEnvironment.reject('excludes noProxy');
  if (hasExceptions && !hasUrl) at.field('noProxy').reject('needs proxyUrl');
}

function isFilled(at: SpecValue): boolean {
  return (at.text() ?? '') !== '';
}
