import { copyFile, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.js';
import { startOtelCollector } from '../fixtures/otel-collector.js';
import type { Program } from '../fixtures/program.js';
import { realPart } from '../fixtures/real-parts/real-parts.js';
import { ScrapeWitness } from '../fixtures/scrape-witness.js';
import {
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../fixtures/test-authority.js';
import { HttpsAllocator } from '../integration/https/https-allocator.js';

const otelcol = realPart('otelcol');

/** The real collector as a client of the HTTPS listener. */
describe.skipIf(otelcol === undefined || !isOpensslAvailable)(
  'a collector over mTLS',
  { timeout: 120_000 },
  () => {
    let authority: TestAuthority;
    let others: TestAuthority;
    let client: IssuedCertificate;
    let foreign: IssuedCertificate;
    let allocator: HttpsAllocator;
    let witness: ScrapeWitness;
    let folder: string;
    let collector: Program | undefined;

    beforeAll(async () => {
      authority = await TestAuthority.create('first');
      others = await TestAuthority.create('second');
      client = await authority.issue({ name: 'collector' });
      foreign = await others.issue({ name: 'collector' });
    });
    afterAll(() => Promise.all([authority.remove(), others.remove()]));
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'collector-files-'));
      witness = await ScrapeWitness.start(1);
      const server = await authority.issue({ name: 'server', usage: 'serverAuth' });
      allocator = await HttpsAllocator.start(server, authority.own.cert, {
        targets: witness.addresses,
      });
    });
    afterEach(async () => {
      await collector?.kill();
      await allocator.stop();
      await witness.stop();
      await rm(folder, { recursive: true });
    });

    async function startCollector(certificate?: IssuedCertificate): Promise<Program> {
      const files = { cert_file: join(folder, 'tls.crt'), key_file: join(folder, 'tls.key') };
      if (certificate !== undefined) await giveCollector(certificate);
      collector = await startOtelCollector({
        program: otelcol ?? '',
        name: 'collector-0',
        allocatorUrl: allocator.url,
        interval: '500ms',
        tls: {
          ca_file: authority.own.certFile,
          ...(certificate === undefined ? {} : { ...files, reload_interval: '1s' }),
        },
      });
      return collector;
    }

    async function giveCollector({ certFile, keyFile }: IssuedCertificate): Promise<void> {
      for (const [from, name] of [
        [certFile, 'tls.crt'],
        [keyFile, 'tls.key'],
      ] as const) {
        await copyFile(from, join(folder, `${name}.new`));
        await rename(join(folder, `${name}.new`), join(folder, name));
      }
    }

    const scrapedSince = (atMs: number) => witness.since(atMs).length > 0 || undefined;

    it('is refused without a certificate, and gets no job', async () => {
      const program = await startCollector();
      await program.waitForOutput(/certificate required|bad certificate|handshake failure/);
      expect(witness.since(0)).toEqual([]);
    });

    it('is refused with the certificate of another authority', async () => {
      const program = await startCollector(foreign);
      await program.waitForOutput(/unknown certificate authority|certificate required|EOF|reset/);
      expect(witness.since(0)).toEqual([]);
    });

    it('is served with its certificate, with its next one, and after the server has changed its own', async () => {
      await startCollector(client);
      await eventually('the target is scraped', () => scrapedSince(0));

      const next = await authority.issue({ name: 'server', usage: 'serverAuth' });
      await allocator.replace('tls.crt', next.cert);
      await allocator.replace('tls.key', next.key);
      await allocator.waitForLog(/a new file of HTTPS is in force/, 1);
      // Its new certificate is one of an authority that is trusted from now on only, and the former one is not any more.
      await allocator.replace('ca.crt', others.own.cert);
      await allocator.waitForLog(/a new file of HTTPS is in force/, 2);
      await giveCollector(foreign);
      await expectTargetsAskedAnew();
    });

    /** Scrapes go on with what was known; so it is looked at whether the allocator is asked again. */
    async function expectTargetsAskedAnew(): Promise<void> {
      const answers = async () =>
        allocator.metric(
          'opentelemetry_allocator_http_duration_seconds_count',
          'path="/jobs/:job_id/targets"',
        );
      // Some that were asked before the swap may be counted after it.
      await sleep(3_000);
      const before = (await answers()) ?? 0;
      await eventually(
        'it asks again',
        async () => ((await answers()) ?? 0) > before + 2 || undefined,
      );
    }
  },
);
