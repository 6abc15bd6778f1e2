import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../telemetry/testing/fake-clock.js';
import { NotLeadingError } from '../replication.errors.js';
import { type DecisionLine, writeDecisionLine } from './decision-lines.js';
import { DecisionsClient, longestWaitMs } from './decisions-client.js';

const whole: readonly DecisionLine[] = [
  { kind: 'begin', epoch: 'e', generation: 7, isWhole: true },
  { kind: 'job', job: 'jöb', collectors: new Map([['c', 1]]) },
  { kind: 'part', collector: 'c', high: Int32Array.of(1), low: Int32Array.of(2) },
  { kind: 'end', jobs: 1 },
];
const text = Buffer.from(whole.map(writeDecisionLine).join(''));

describe('a follower that asks its leader', () => {
  let clock: FakeClock;
  let client: DecisionsClient;
  let server: Server;
  let listener: RequestListener;
  let url: string;
  const { signal } = new AbortController();

  beforeEach(async () => {
    clock = new FakeClock();
    client = new DecisionsClient(clock);
    server = createServer((request, response) => {
      listener(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterEach(() => {
    client.close();
    server.closeAllConnections();
    server.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('says what it has, and reads the answer however it is cut into pieces', async () => {
    let asked: string | undefined;
    listener = (request, response) => {
      asked = request.url;
      for (const byte of text) response.write(Buffer.of(byte));
      response.end();
    };
    const told = await client.ask(url, { epoch: 'a b', generation: 5 }, signal);
    expect(asked).toBe('/api/v1/decisions?epoch=a+b&since=5');
    expect([...told.jobs.keys()]).toEqual(['jöb']);
  });

  it.each<readonly [string, RequestListener, string]>([
    ['cut off', (_, response) => response.end(text.subarray(0, -3)), 'it was cut off'],
    ['no text', (_, response) => response.end(Buffer.of(0xff, 0x0a)), 'it is not UTF-8'],
    ['one endless line', (_, response) => response.end('x'.repeat(3e6)), 'a line is too long'],
    ['a page', (_, response) => response.end('<html>\n'), 'a line is no JSON'],
    [
      'endless',
      (_, response) => {
        const line = writeDecisionLine({
          kind: 'job',
          job: 'x'.repeat(1e6),
          collectors: new Map(),
        });
        response.write(text.subarray(0, text.indexOf('\n') + 1));
        const write = (): void => {
          while (!response.destroyed && response.write(line));
        };
        response.on('drain', write);
        write();
      },
      'it is too long',
    ],
  ])('takes nothing of an answer that is %s', async (_, answer, reason) => {
    listener = answer;
    await expect(client.ask(url, undefined, signal)).rejects.toThrow(reason);
  });

  it('fails when the connection breaks in the middle', async () => {
    listener = (_, response) => {
      response.write(text.subarray(0, 20), () => response.destroy());
    };
    await expect(client.ask(url, undefined, signal)).rejects.toThrow('aborted');
  });

  it('hears that the replica does not lead, and goes nowhere that it is sent', async () => {
    listener = (_, response) => {
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end('elsewhere\nmore');
    };
    const asked = client.ask(url, undefined, signal);
    await expect(asked).rejects.toThrow(NotLeadingError);
    await expect(asked).rejects.toThrow('status 302: elsewhere;');
  });

  it('does not wait for ever', async () => {
    const came = new Promise<void>((resolve) => {
      listener = () => {
        resolve();
      };
    });
    const asked = expect(client.ask(url, undefined, signal)).rejects.toThrow('nothing heard for');
    await came;
    await clock.advance(longestWaitMs + 5_000);
    await asked;
  });

  it.each(['https://127.0.0.1:1', 'file:///etc/passwd', 'http://u:p@127.0.0.1:1', 'x', ''])(
    'asks nobody at %j',
    async (leaderUrl) => {
      await expect(client.ask(leaderUrl, undefined, signal)).rejects.toThrow('the Lease says no');
    },
  );
});
