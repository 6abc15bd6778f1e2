import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { smallPath, startBigAllocator } from './big-answer.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { openFilesLimit, rssMiB } from './process-facts.js';
import { type Answer, readAnswers } from './raw-answers.js';

const clientCount = 10_000;
/** How often each of them asks while all are connected. */
const rounds = isLongRun ? 20 : 3;
const limit = await openFilesLimit();
const isLimitTooLow = limit < clientCount + 1_000;
if (isLimitTooLow) {
  console.warn(
    `skipped: ${String(clientCount)} clients need as many open files, the limit is ${String(limit)} (ulimit -n)`,
  );
}

/** A client that keeps its connection and the tag of what it has. */
class Poller {
  #tag = '';
  readonly #socket: Socket;
  #onData: (data: Buffer) => void = () => undefined;
  #onEnd: (error: Error) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (data) => {
      this.#onData(data);
    });
    socket.on('error', (error) => {
      this.#onEnd(error);
    });
    socket.on('close', () => {
      this.#onEnd(new Error('closed'));
    });
  }

  static connect(port: number): Promise<Poller> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        resolve(new Poller(socket));
      });
    });
  }

  /** Asks whether there is something new. */
  async poll(): Promise<Answer> {
    const head = `GET ${smallPath} HTTP/1.1\r\nHost: a\r\nIf-None-Match: ${this.#tag}\r\n\r\n`;
    const wire = await new Promise<Buffer>((resolve, reject) => {
      this.#onData = resolve;
      this.#onEnd = reject;
      if (this.#socket.destroyed) reject(new Error('closed before'));
      this.#socket.write(head);
    });
    const [answer, ...more] = readAnswers(wire, ['GET']);
    if (answer === undefined || more.length > 0) throw new Error(`no answer: ${wire.toString()}`);
    this.#tag = answer.headers.get('etag') ?? '';
    return answer;
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe.skipIf(isLimitTooLow)('many pollers', () => {
  let allocator: Allocator;
  const pollers: Poller[] = [];
  beforeEach(async () => {
    allocator = await startBigAllocator();
  });
  afterEach(async () => {
    for (const poller of pollers.splice(0)) poller.close();
    await allocator.stop();
  });

  it(`are all answered, ${String(clientCount)} at once, with 300 MiB more at most`, async () => {
    const { pid } = allocator.program;
    const before = await rssMiB(pid);
    for (let i = 0; i < clientCount; i += 200) {
      const more = Array.from({ length: 200 }, () => Poller.connect(allocator.port));
      const connected = await Promise.all(more);
      pollers.push(...connected);
      await Promise.all(connected.map((poller) => poller.poll()));
    }
    let most = 0;
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const statuses = await Promise.all(
        pollers.map(async (poller) => (await poller.poll()).status),
      );
      most = Math.max(most, await rssMiB(pid));
      const ms = (performance.now() - start).toFixed(0);
      console.info(`${String(clientCount)} polls at once in ${ms} ms, ${most.toFixed(0)} MiB`);
      expect(new Set(statuses)).toEqual(new Set([304]));
    }
    expect(most - before).toBeLessThan(300);
  });
});
