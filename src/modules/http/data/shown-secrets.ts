import { TLSSocket } from 'node:tls';
import type { RenderOptions } from '../../../core/scrape-config/render.js';
import type { FastifyRequest } from '../fastify-types.js';

/**
 * Secrets are shown to who came through the TLS listener, which demands a client certificate; over plain HTTP only where
 * the operator says that the transport is secured otherwise (`allow_insecure_auth_secrets`). Decided for each request, so
 * that one application serves both listeners.
 */
export function shownSecrets(
  request: FastifyRequest,
  allowInsecure: boolean,
): RenderOptions['secrets'] {
  return allowInsecure || request.raw.socket instanceof TLSSocket ? 'reveal' : 'mask';
}
