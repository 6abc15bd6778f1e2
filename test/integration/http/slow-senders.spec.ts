import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { smallPath, startBigAllocator } from './big-answer.js';
import { Polls } from './polls.js';
import { readAnswers } from './raw-answers.js';

const halfHeaders = 5_000;
const dripping = 300;
const closedWithinMs = 15_000;

let allocator: Allocator;
beforeEach(async () => {
  allocator = await startBigAllocator();
});
afterEach(() => allocator.stop());

interface Ending {
  readonly afterMs: number;
  readonly wire: Buffer;
}

interface SlowSender {
  readonly connected: Promise<void>;
  readonly ended: Promise<Ending>;
}

/** Sends text, then a byte each second, until the server closes. The time counts from the first byte that is sent. */
function sendSlowly(first: string, bytes: string): SlowSender {
  const socket = connect(allocator.port, '127.0.0.1');
  const received: Buffer[] = [];
  let start = performance.now();
  let sent = 0;
  const drip = setInterval(() => {
    if (sent < bytes.length && socket.writable) socket.write(bytes.charAt(sent++));
  }, 1_000);
  socket.on('data', (data) => received.push(data));
  // A byte that meets a closed connection resets it.
  socket.on('error', () => undefined);
  const connected = new Promise<void>((resolve) => {
    socket.once('connect', () => {
      start = performance.now();
      if (first !== '') socket.write(first);
      resolve();
    });
  });
  const ended = new Promise<Ending>((resolve) => {
    socket.on('close', () => {
      clearInterval(drip);
      resolve({ afterMs: performance.now() - start, wire: Buffer.concat(received) });
    });
  });
  return { connected, ended };
}

const get = `GET ${smallPath} HTTP/1.1\r\nHost: a\r\n`;

it(`slow senders, ${String(halfHeaders)} with half a header, are told so with text and cut within 15 s, and others are answered`, async () => {
  const polls = new Polls(allocator, ['/scrape_configs', '/jobs', smallPath]);
  // Not all at once: what waits in the backlog is not known to the server yet.
  const many = async (count: number, first: string, bytes: string): Promise<Promise<Ending>[]> => {
    const endings: Promise<Ending>[] = [];
    while (endings.length < count) {
      const some = Array.from({ length: 100 }, () => sendSlowly(first, bytes));
      endings.push(...some.map(({ ended }) => ended));
      await Promise.all(some.map(({ connected }) => connected));
    }
    return endings;
  };
  const kinds = {
    'half a header': await many(halfHeaders, `${get}X-Slow`, ''),
    'a byte a second': await many(dripping, 'G', get.slice(1)),
  };
  try {
    for (const [kind, endings] of Object.entries(kinds)) {
      const all = await Promise.all(endings);
      const longest = Math.max(...all.map(({ afterMs }) => afterMs));
      console.info(
        `${kind}: ${String(all.length)} closed, the last after ${longest.toFixed(0)} ms`,
      );
      expect(longest, kind).toBeLessThan(closedWithinMs);
      for (const { wire } of all) {
        for (const { status, body } of readAnswers(wire, [])) {
          expect(`${String(status)} ${String(body)}`).toMatch(/^4\d\d 4\d\d \w/);
        }
      }
    }
    const told = (await Promise.all(kinds['half a header'])).filter(({ wire }) => wire.length > 0);
    expect(told.length).toBe(halfHeaders);
  } finally {
    await polls.stop();
  }
  console.info(
    `${String(polls.answered)} polls, the slowest after ${polls.longestMs.toFixed(0)} ms`,
  );
  expect(polls.failures).toEqual([]);
});
