import { constants } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type SecureContextOptions, TLSSocket } from 'node:tls';
import { configureServer } from '../server/configure-server.js';
import { quietMoment } from '../server/quiet-moment.js';
import {
  defaultServerLimits,
  nodeServerOptions,
  type ServerLimits,
} from '../server/server-limits.js';
import { isSignedByAny } from './peer-trust.js';
import type { ClientAuthorities, ServerIdentity } from './tls-files.js';

export interface HttpsListenerOptions {
  readonly identity: ServerIdentity;
  readonly authorities: ClientAuthorities;
  /** Takes the requests of clients that have shown a certificate of one of the authorities. */
  readonly onRequest: RequestListener;
  /** A connection ended before it was one of such a client. */
  readonly onRefused: (error: Error) => void;
  readonly limits?: Partial<ServerLimits>;
}

/**
 * A TLS listener for clients with a certificate (Go's `RequireAndVerifyClientCert`). What it shows and whom it trusts can be
 * replaced at any time: requests under way are not touched, and clients whose authority has gone get no further answer, not
 * even on a connection that they opened before.
 */
export class HttpsListener {
  readonly #server: Server;
  readonly #onRequest: RequestListener;
  #authorities: ClientAuthorities;
  /** Of connections: the authorities that they were last checked against. */
  readonly #checkedAgainst = new WeakMap<TLSSocket, ClientAuthorities>();
  #isClosing = false;

  constructor({ identity, authorities, onRequest, onRefused, limits }: HttpsListenerOptions) {
    const all = { ...defaultServerLimits, ...limits };
    this.#onRequest = onRequest;
    this.#authorities = authorities;
    const options = {
      ...nodeServerOptions(all),
      ...secureContext(identity, authorities),
      requestCert: true,
      rejectUnauthorized: true,
      handshakeTimeout: all.headersTimeoutMs,
    };
    this.#server = createServer(options, (request, response) => {
      this.#handle(request, response);
    });
    configureServer(this.#server, all);
    this.#server.on('tlsClientError', onRefused);
  }

  /** Resolves with the address that is listened on; rejects when it cannot be. */
  async listen(address: { readonly host: string; readonly port: number }): Promise<number> {
    this.#server.listen(address);
    await once(this.#server, 'listening');
    const bound = this.#server.address();
    return typeof bound === 'object' && bound !== null ? bound.port : address.port;
  }

  /** What connections from now on are made with. */
  replace(identity: ServerIdentity, authorities: ClientAuthorities): void {
    this.#server.setSecureContext(secureContext(identity, authorities));
    this.#authorities = authorities;
  }

  /** Takes no more connections; resolves when the requests under way are answered. */
  async close(): Promise<void> {
    this.#isClosing = true;
    if (!this.#server.listening) return;
    await quietMoment(this.#server);
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeIdleConnections();
    await closed;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    if (!(socket instanceof TLSSocket) || !this.#isTrusted(socket)) {
      socket.destroy();
      return;
    }
    if (this.#isClosing) response.setHeader('Connection', 'close');
    // A connection whose last answer began before the end is idle only after it.
    response.once('close', () => {
      if (this.#isClosing)
        setImmediate(() => {
          this.#server.closeIdleConnections();
        });
    });
    this.#onRequest(request, response);
  }

  /** Also of a connection whose handshake began before the authorities were replaced. */
  #isTrusted(socket: TLSSocket): boolean {
    if (!socket.authorized) return false;
    if (this.#checkedAgainst.get(socket) === this.#authorities) return true;
    const client = socket.getPeerX509Certificate();
    if (client === undefined || !isSignedByAny(client, this.#authorities.certificates))
      return false;
    this.#checkedAgainst.set(socket, this.#authorities);
    return true;
  }
}

function secureContext(
  { cert, key }: ServerIdentity,
  { ca }: ClientAuthorities,
): SecureContextOptions {
  return {
    cert,
    key,
    ca,
    minVersion: 'TLSv1.2',
    // Without tickets there are no resumed sessions: a ticket would vouch for a client whose authority has gone.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  };
}
