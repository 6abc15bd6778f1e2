import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { configureServer } from './configure-server.js';

/** More than the kernel takes for a client that reads nothing. */
const body = Buffer.alloc(32 * 1024 * 1024, 'x');
const pem = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, '../../../../test/fixtures/tls', name));
const identity = { cert: pem('server.crt'), key: pem('server.key') };

const kinds: readonly [string, () => Server, (port: number) => Socket][] = [
  ['plain text', () => createServer(), (port) => connect(port, '127.0.0.1')],
  [
    'TLS',
    () => createTlsServer(identity),
    (port) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }),
  ],
];

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

describe.each(kinds)('a server that is closed, over %s,', (_, create, connectTo) => {
  it.each(['keep-alive', 'close'])(
    'sends what it has not sent yet of an answer (connection: %s), then ends the connection',
    async (connection) => {
      const server = create();
      configureServer(server);
      server.on('request', ({ method }, response) => {
        response.writeHead(200, { connection, 'content-length': body.length });
        response.end(method === 'HEAD' ? undefined : body);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const open = (): Socket => {
        const socket = connectTo((server.address() as AddressInfo).port);
        sockets.push(socket);
        return socket;
      };
      const idle = open();
      const idleClosed = once(idle, 'close');
      idle.write('HEAD / HTTP/1.1\r\nHost: a\r\n\r\n');
      await once(idle, 'data');
      const reader = open();
      reader.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
      // The answer has begun, and nothing more of it is read.
      await once(reader, 'readable');
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await idleClosed;
      const wire = await buffer(reader);
      expect(wire.length - wire.indexOf('\r\n\r\n') - 4).toBe(body.length);
      await closed;
    },
  );
});
