import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FakeClock } from 'target-allocator/testing';
import { afterEach, describe, expect, it } from 'vitest';
import type { EtcdEvent } from './etcd-client.js';
import { EtcdGateway } from './etcd-gateway.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function gatewayTo(answer: Answer, clock = new FakeClock()): Promise<EtcdGateway> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const endpoint = `http://127.0.0.1:${String(port)}`;
  const config = {
    ...{ endpoints: [endpoint], prefix: '/s/', tls_config: {}, refreshIntervalMs: 60_000 },
  };
  return new EtcdGateway(endpoint, config, clock);
}
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const never = (): AbortSignal => new AbortController().signal;

async function eventsOf(gateway: EtcdGateway, signal = never()): Promise<readonly EtcdEvent[]> {
  const events: EtcdEvent[] = [];
  for await (const batch of gateway.watch(8n, signal)) events.push(...batch);
  return events;
}

describe('the gateway to an etcd', () => {
  it('reads all keys of a prefix with their revision, whatever its size', async () => {
    let asked = '';
    const gateway = await gatewayTo((request, response) => {
      request.on('data', (piece: Buffer) => (asked += piece.toString()));
      request.on('end', () => {
        const kvs = [{ key: base64('/s/ä'), value: base64('[]') }, { key: base64('/s/empty') }];
        response.end(JSON.stringify({ header: { revision: '9007199254740993' }, kvs }));
      });
    });
    expect(await gateway.range(never())).toEqual({
      revision: 9_007_199_254_740_993n,
      keys: [
        { key: '/s/ä', value: '[]' },
        { key: '/s/empty', value: '' },
      ],
    });
    expect(JSON.parse(asked)).toEqual({ key: base64('/s/'), range_end: base64('/s0') });
  });

  it('reads events that come in pieces, several on a line, and none', async () => {
    const gateway = await gatewayTo((_request, response) => {
      const put = { kv: { key: base64('/s/a'), value: base64('[]') } };
      const gone = { type: 'DELETE', kv: { key: base64('/s/b') } };
      const text = `{"result":{"created":true}}\n${JSON.stringify({ result: { events: [put, gone] } })}\n`;
      response.write(text.slice(0, 40));
      setImmediate(() => response.end(text.slice(40)));
    });
    const events: EtcdEvent[] = [];
    const watch = async (): Promise<void> => {
      for await (const batch of gateway.watch(8n, never())) events.push(...batch);
    };
    await expect(watch()).rejects.toThrow('the server has ended it');
    expect(events).toEqual([{ key: '/s/a', value: '[]' }, { key: '/s/b' }]);
  });

  it.each([
    [
      'the watch was cancelled: it is too far behind',
      { result: { canceled: true, compact_revision: '7' } },
    ],
    [
      'the watch was cancelled: no right',
      { result: { canceled: true, cancel_reason: 'no right' } },
    ],
    ['the watch failed: {"message":"broken"}', { error: { message: 'broken' } }],
  ])('fails with %j', async (message, line) => {
    const gateway = await gatewayTo((_request, response) => {
      response.end(`${JSON.stringify(line)}\n`);
    });
    await expect(eventsOf(gateway)).rejects.toThrow(message);
  });

  it('fails with what the server says of a refusal', async () => {
    const gateway = await gatewayTo((_request, response) => {
      response.writeHead(401).end('{"message":"invalid auth token"}');
    });
    await expect(gateway.range(never())).rejects.toThrow(/HTTP status 401 .*invalid auth token/);
  });

  it('fails when there is no server, and when its answer is no JSON', async () => {
    const gateway = await gatewayTo((_request, response) => response.end('<html>'));
    await expect(gateway.range(never())).rejects.toThrow(/^ETCD_FAILED: .*\/v3\/kv\/range: /);
    const [server] = servers.splice(0);
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
    await expect(gateway.range(never())).rejects.toThrow('ECONNREFUSED');
  });

  it('does not wait for ever for an answer', async () => {
    const clock = new FakeClock();
    let wasAsked = (): void => undefined;
    const asked = new Promise<void>((resolve) => (wasAsked = resolve));
    const gateway = await gatewayTo(() => {
      wasAsked();
    }, clock);
    const range = expect(gateway.range(never())).rejects.toThrow('has not answered in 10000 ms');
    await asked;
    await clock.advance(10_000);
    await range;
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends a watch that waits when the signal aborts', async () => {
    const abort = new AbortController();
    const gateway = await gatewayTo((_request, response) => {
      response.write('{"result":{"created":true}}\n');
      setImmediate(() => {
        abort.abort();
      });
    });
    await expect(eventsOf(gateway, abort.signal)).rejects.toThrow();
  });
});
