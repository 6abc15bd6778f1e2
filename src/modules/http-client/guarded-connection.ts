import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { NetworkPolicy } from './network-policy.js';
import { CONNECT_TIMEOUT_MS } from './transport.js';

/** A TCP connection to an https server. @throws HttpRequestError `TA_HTTP_DENIED` when the policy has something against it. */
export async function guardedConnection(server: URL, network: NetworkPolicy): Promise<Socket> {
  network.checkAddress(server.hostname);
  const socket = connect({
    host: server.hostname.replace(/^\[|\]$/g, ''),
    port: server.port === '' ? 443 : Number(server.port),
    lookup: network.lookup,
  });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_TIMEOUT_MS) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}
