import { type DocumentFields, present, userMap } from './document-fields.js';
import { proxyFields } from './proxy.js';
import { isReference, type References } from './references.js';
import type { SpecValue } from './spec-value.js';
import { tlsConfig } from './tls.js';

/** `oauth2` as the document's field of that name; `undefined` where there is none. */
export function oauth2(at: SpecValue, references: References): DocumentFields | undefined {
  if (!at.isPresent) return undefined;
  checkOAuth2(at);
  const scopes = at.field('scopes').texts();
  const parameters = at.field('endpointParams').textMap();
  return {
    ...present({
      client_id: references.secretOrConfigMap(at.field('clientId')),
      client_secret: references.secret(at.field('clientSecret')),
      token_url: at.field('tokenUrl').text(),
      scopes: scopes.length === 0 ? undefined : scopes,
      endpoint_params: parameters.length === 0 ? undefined : userMap(parameters),
      tls_config: tlsConfig(at.field('tlsConfig'), references),
    }),
    ...proxyFields(at, references),
  };
}

function checkOAuth2(at: SpecValue): void {
  if ((at.field('tokenUrl').text() ?? '') === '') at.field('tokenUrl').reject('is required');
  const clientId = at.field('clientId');
  if (!isReference(clientId)) clientId.reject('must name a Secret or a ConfigMap');
  if (clientId.field('secret').isPresent && clientId.field('configMap').isPresent) {
    clientId.reject('names both a Secret and a ConfigMap; keep one of them');
  }
}
