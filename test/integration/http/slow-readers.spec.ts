import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { rm, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Allocator } from '../../fixtures/allocator.js';
import { eventually } from '../../fixtures/eventually.js';
import { freePort } from '../../fixtures/free-port.js';
import { isOpensslAvailable, TestAuthority } from '../../fixtures/test-authority.js';
import { bigPath, smallPath, startBigAllocator } from './big-answer.js';
import { isLongRun } from '../../fixtures/long-run.js';
import { Polls } from './polls.js';
import { openSockets, rssMiB } from './process-facts.js';

const readerCount = 1_000;
/** Over TLS each connection has a session of its own in OpenSSL, and a handshake before. */
const tlsReaderCount = isLongRun ? 1_000 : 200;
/** A client may read nothing for 30 s after the last piece that the kernel took, and a busy machine hands out pieces slowly. */
const cutWithinMs = 150_000;

const readers: Socket[] = [];
let allocator: Allocator;
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.destroy();
  await allocator.stop();
});

async function connected(reader: Socket, event: string): Promise<Socket> {
  readers.push(reader);
  // A reset is one way of being cut.
  reader.on('error', () => undefined);
  await once(reader, event);
  reader.pause();
  return reader;
}

interface Outcome {
  readonly addedMiB: number;
  readonly polls: Polls;
}

/** Has many ask for the big answer and read nothing of it. @returns When all of them were cut. */
async function sitOut(count: number, open: () => Promise<Socket>): Promise<Outcome> {
  const { pid } = allocator.program;
  const polls = new Polls(allocator, ['/scrape_configs', '/jobs', smallPath]);
  try {
    await eventually('some polls', () => polls.answered >= 30 || undefined);
    const before = { rss: await rssMiB(pid), sockets: await openSockets(pid) };
    let most = before.rss;
    for (let i = 0; i < count; i += 50) await Promise.all(Array.from({ length: 50 }, open));
    await eventually(
      'all of them are accepted',
      async () => (await openSockets(pid)) >= before.sockets + count - 5 || undefined,
    );
    for (const reader of readers) reader.write(`GET ${bigPath} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await eventually(
      'all who do not read are cut',
      async () => {
        most = Math.max(most, await rssMiB(pid));
        const left = (await openSockets(pid)) - before.sockets;
        if (left > 10) throw new Error(`${String(left)} are not`);
        return true;
      },
      { timeoutMs: cutWithinMs, everyMs: 200 },
    );
    return { addedMiB: most - before.rss, polls };
  } finally {
    await polls.stop();
  }
}

function report(what: string, { addedMiB, polls }: Outcome): void {
  console.info(
    `${what}: ${addedMiB.toFixed(0)} MiB at most, ${String(polls.answered)} polls meanwhile, ` +
      `the slowest after ${polls.longestMs.toFixed(0)} ms`,
  );
}

describe('clients that ask for 26 MB and read nothing', { timeout: 240_000 }, () => {
  it(`share one copy of it, ${String(readerCount)} of them, are cut, and others are answered`, async () => {
    allocator = await startBigAllocator();
    const outcome = await sitOut(readerCount, () =>
      connected(connectPlain(allocator.port, '127.0.0.1'), 'connect'),
    );
    report(`${String(readerCount)} slow readers`, outcome);
    expect(outcome.polls.failures).toEqual([]);
    expect(outcome.addedMiB).toBeLessThan(100);
  });

  it.skipIf(!isOpensslAvailable)(
    `have a small window of it over TLS, ${String(tlsReaderCount)} of them, are cut, and others are answered`,
    async () => {
      const authority = await TestAuthority.create('readers');
      const folder = await mkdtemp(join(tmpdir(), 'slow-readers-'));
      try {
        const server = await authority.issue({ name: 'server', usage: 'serverAuth' });
        const client = await authority.issue({ name: 'client' });
        const [ca, cert, key] = ['ca.crt', 'tls.crt', 'tls.key'].map((name) => join(folder, name));
        if (ca === undefined || cert === undefined || key === undefined)
          throw new Error('no paths');
        await writeFile(ca, authority.own.cert);
        await writeFile(cert, server.cert);
        await writeFile(key, server.key);
        const port = await freePort();
        allocator = await startBigAllocator({
          https: {
            enabled: true,
            listen_addr: `127.0.0.1:${String(port)}`,
            ca_file_path: ca,
            tls_cert_file_path: cert,
            tls_key_file_path: key,
          },
        });
        const options = { port, host: '127.0.0.1', rejectUnauthorized: false };
        const outcome = await sitOut(tlsReaderCount, () =>
          connected(
            connectTls({ ...options, cert: client.cert, key: client.key }),
            'secureConnect',
          ),
        );
        report(`${String(tlsReaderCount)} slow readers over TLS`, outcome);
        expect(outcome.polls.failures).toEqual([]);
        expect(outcome.addedMiB).toBeLessThan(0.3 * tlsReaderCount + 40);
      } finally {
        await authority.remove();
        await rm(folder, { recursive: true, force: true });
      }
    },
  );
});
