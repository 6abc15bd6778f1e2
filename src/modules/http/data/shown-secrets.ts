import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { RenderOptions } from '../../../core/scrape-config/render.js';

/**
 * Secrets are shown to who came through the TLS listener with a client certificate that was verified; over plain HTTP only
 * where the operator says that the transport is secured otherwise (`allow_insecure_auth_secrets`). Decided for each request,
 * so that one application serves both listeners.
 */
export function shownSecrets(
  { socket }: Pick<IncomingMessage, 'socket'>,
  allowInsecure: boolean,
): RenderOptions['secrets'] {
  const isVerified = socket instanceof TLSSocket && socket.authorized;
  return allowInsecure || isVerified ? 'reveal' : 'mask';
}
