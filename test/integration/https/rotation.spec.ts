import { writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.js';
import {
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../../fixtures/test-authority.js';
import { HttpsAllocator } from './https-allocator.js';
import { SteadyClients } from './steady-clients.js';

const upToDate = 'opentelemetry_allocator_https_file_up_to_date';
const rotations = 100;

/** Certificates that change under load, in all the ways in which files are replaced. */
describe.skipIf(!isOpensslAvailable)('rotation', { timeout: 400_000 }, () => {
  let authority: TestAuthority;
  let second: TestAuthority;
  let client: IssuedCertificate;
  let first: IssuedCertificate;
  let next: IssuedCertificate;
  let allocator: HttpsAllocator;

  beforeAll(async () => {
    authority = await TestAuthority.create('first');
    second = await TestAuthority.create('second');
    client = await authority.issue({ name: 'client' });
    first = await authority.issue({ name: 'server', usage: 'serverAuth' });
    next = await authority.issue({ name: 'server', usage: 'serverAuth' });
  });
  afterAll(async () => {
    await Promise.all([authority.remove(), second.remove()]);
  });
  beforeEach(async () => {
    allocator = await HttpsAllocator.start(first, authority.own.cert);
  });
  afterEach(() => allocator.stop());

  async function expectServed(by: IssuedCertificate, timeoutMs = 10_000): Promise<void> {
    await eventually(
      'the new certificate is served',
      async () => (await allocator.serialOfServer()) === by.serial || undefined,
      { timeoutMs, everyMs: 50 },
    );
  }

  it(`${String(rotations)} times under 200 clients that ask all the time fails none of 20,000 requests`, async () => {
    const clients = new SteadyClients({
      port: allocator.port,
      client,
      ca: authority.own.cert,
      keeping: 200,
      connecting: 2,
    });
    await eventually('all are asking', () => clients.served >= 200 || undefined);
    const certificates = [first, next] as const;
    for (let round = 0; round < rotations; round++) {
      const certificate = certificates[(round + 1) % 2] ?? first;
      const other = certificates[round % 2] ?? next;
      await waysToReplace[round % waysToReplace.length]?.(certificate, other);
      const bundle = round % 3 === 0 ? second.own.cert + authority.own.cert : authority.own.cert;
      await allocator.replace('ca.crt', bundle);
      await expectServed(certificate);
    }
    // As many as 200 requests for each rotation.
    await eventually('enough requests', () => clients.served >= 200 * rotations || undefined, {
      timeoutMs: 120_000,
    });
    await clients.stop();
    expect(clients.failures).toEqual([]);
    expect(allocator.allocator.program.isRunning).toBe(true);
  });

  const file = (name: 'tls.crt' | 'tls.key'): string => join(allocator.folder, name);
  /** Each is given the certificate to put in force and the one that is. */
  const waysToReplace: readonly ((
    to: IssuedCertificate,
    from: IssuedCertificate,
  ) => Promise<void>)[] = [
    async function byRenames(to) {
      await allocator.replace('tls.crt', to.cert);
      await allocator.replace('tls.key', to.key);
    },
    async function inPlace(to) {
      await writeFile(file('tls.key'), to.key);
      await writeFile(file('tls.crt'), to.cert);
    },
    async function withAPauseBetweenTheTwo(to) {
      await writeFile(file('tls.crt'), to.cert);
      await sleep(400);
      await writeFile(file('tls.key'), to.key);
    },
    async function inHalves(to) {
      await writeFile(file('tls.crt'), to.cert.slice(0, to.cert.length / 2));
      await writeFile(file('tls.key'), to.key.slice(0, to.key.length / 2));
      await sleep(400);
      await writeFile(file('tls.crt'), to.cert);
      await writeFile(file('tls.key'), to.key);
    },
    async function withTheFileGoneForAWhile(to) {
      await rm(file('tls.crt'));
      await sleep(300);
      await writeFile(file('tls.crt'), to.cert);
      await writeFile(file('tls.key'), to.key);
    },
  ];

  it('follows the swap of a Secret, which changes a link beside the files', async () => {
    const { folder } = allocator;
    const publish = async (version: string, { cert, key }: IssuedCertificate): Promise<void> => {
      await mkdir(join(folder, version));
      await writeFile(join(folder, version, 'tls.crt'), cert);
      await writeFile(join(folder, version, 'tls.key'), key);
      await symlink(version, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await publish('..v1', first);
    for (const name of ['tls.crt', 'tls.key'] as const) {
      await rm(file(name));
      await symlink(`..data/${name}`, file(name));
    }
    await publish('..v2', next);
    await expectServed(next);
    await publish('..v3', first);
    await expectServed(first);
  });

  it.each<[string, (good: IssuedCertificate) => readonly [cert: string, key: string]]>([
    ['a key of another certificate', (good) => [good.cert, client.key]],
    ['half a certificate', (good) => [good.cert.slice(0, -40), good.key]],
    ['half a chain', (good) => [good.cert + authority.own.cert.slice(0, 100), good.key]],
    ['an empty file', (good) => ['', good.key]],
    ['half a key', (good) => [good.cert, good.key.slice(0, 60)]],
    ['what is no PEM', () => ['certificate', 'key']],
  ])('stays with the former pair when the new one has %s, and says it once', async (_, bad) => {
    const [cert, key] = bad(next);
    // Both at once: what stands there in between would be told, too.
    writeFileSync(file('tls.key'), key);
    writeFileSync(file('tls.crt'), cert);
    const { program } = allocator.allocator;
    await program.waitForOutput(/cannot be used, the former one stays/);
    const isUpToDate = () => allocator.metric(upToDate, 'file="certificate"');
    await eventually('the metric', async () => (await isUpToDate()) === 0 || undefined);
    expect(await allocator.metric(upToDate, 'file="ca"')).toBe(1);
    expect(await allocator.serialOfServer()).toBe(first.serial);

    // The authorities are followed all the same.
    await allocator.replace('ca.crt', second.own.cert);
    await program.waitForOutput(/a new file of HTTPS is in force/);
    expect(await allocator.serialOfServer()).toBe(first.serial);
    expect(program.output.match(/cannot be used, the former one stays/g)).toHaveLength(1);
    expect(program.output).toContain('TA_HTTPS_FILE_UNUSABLE');
    expect(program.output).not.toContain('BEGIN ');

    await allocator.replace('tls.crt', next.cert);
    await allocator.replace('tls.key', next.key);
    await expectServed(next);
    expect(await isUpToDate()).toBe(1);
  });

  it('stays with the former authorities when the new ones are half written', async () => {
    const { program } = allocator.allocator;
    const whole = second.own.cert + authority.own.cert;
    await allocator.replace('ca.crt', whole.slice(0, second.own.cert.length + 100));
    await program.waitForOutput(/cannot be used, the former one stays/);
    expect(await allocator.metric(upToDate, 'file="ca"')).toBe(0);
    const clients = { port: allocator.port, client, ca: authority.own.cert };
    const one = new SteadyClients({ ...clients, keeping: 0, connecting: 1 });
    await eventually('it is served', () => one.served > 2 || undefined);
    await one.stop();
    expect(one.failures).toEqual([]);
  });

  it('finishes requests over TLS on SIGTERM and takes no more', async () => {
    const { program } = allocator.allocator;
    const options = { port: allocator.port, client, ca: authority.own.cert };
    const clients = new SteadyClients({ ...options, keeping: 20, connecting: 0 });
    await eventually('all are asking', () => clients.served > 100 || undefined);
    program.signal('SIGTERM');
    expect(await program.exited).toBe(0);
    await clients.stop();
    // What was sent before the end is answered; afterwards there is nobody to connect to.
    const afterwards = /ECONNREFUSED|ECONNRESET|socket hang up/;
    expect(clients.failures.filter((failure) => !afterwards.test(failure))).toEqual([]);
    await expect(readFile(file('tls.crt'), 'utf8')).resolves.toBe(first.cert);
  });
});
