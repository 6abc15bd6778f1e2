import { checkAuthorization } from './authorization.js';
import type { SpecValue } from './spec-value.js';

const methods = ['authorization', 'basicAuth', 'bearerTokenSecret', 'oauth2'];

/**
 * Rejects an HTTP client with several ways to authenticate, or with an incomplete authorization.
 *
 * @see github.com/prometheus-operator/prometheus-operator v0.93.1, `HTTPConfigWithoutTLS.Validate`
 */
export function checkAuthentication(at: SpecValue): void {
  const used = methods.filter((method) => at.field(method).isPresent);
  if (used.length > 1) at.reject(`${used.join(' and ')} exclude each other; keep one of them`);
  checkAuthorization(at.field('authorization'));
}
