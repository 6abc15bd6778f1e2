import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Node takes a connection for idle as soon as its answer was handed over, and `close` ends it then with what the client has
 * not been sent yet. Of this server it is idle when all is sent; and it is ended then, if idle connections are to end.
 */
export function keepUnsentAnswers(server: Server): void {
  const sockets = openSockets(server);
  const awaited = new WeakSet<Socket>();
  const closeIdle = server.closeIdleConnections.bind(server);
  // What `close` calls too.
  server.closeIdleConnections = () => {
    const unsent = [...sockets].filter(({ writableLength }) => writableLength > 0);
    spared(unsent, closeIdle);
    for (const socket of unsent) {
      // Who is to have no more answers is hung up on by Node.
      if (awaited.has(socket) || !socket.writable) continue;
      awaited.add(socket);
      // Nothing, after all that waits: it is written when that has been.
      socket.write('', () => {
        awaited.delete(socket);
        // Node counts the answer as given only after this.
        setImmediate(() => {
          server.closeIdleConnections();
        });
      });
    }
  };
}

/** Those that answers are written to: over TLS not those that connect. */
function openSockets(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  const add = (socket: Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  server.on('connection', add).on('secureConnection', add);
  return sockets;
}

/** Runs something that destroys sockets, but not these. */
function spared(sockets: readonly Socket[], run: () => void): void {
  for (const socket of sockets) socket.destroy = () => socket;
  try {
    run();
  } finally {
    for (const socket of sockets) Reflect.deleteProperty(socket, 'destroy');
  }
}
