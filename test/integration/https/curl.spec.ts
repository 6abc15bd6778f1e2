import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../../fixtures/test-authority.js';
import { curl, type CurlAnswer, isCurlAvailable } from './curl.js';
import { HttpsAllocator, password } from './https-allocator.js';

/** The way in which people look at what collectors are told. */
describe.skipIf(!isOpensslAvailable || !isCurlAvailable)('curl over mTLS', () => {
  let authority: TestAuthority;
  let others: TestAuthority;
  let client: IssuedCertificate;
  let foreign: IssuedCertificate;
  let allocator: HttpsAllocator;

  beforeEach(async () => {
    authority = await TestAuthority.create('first');
    others = await TestAuthority.create('second');
    client = await authority.issue({ name: 'client' });
    foreign = await others.issue({ name: 'client' });
    const server = await authority.issue({ name: 'server', usage: 'serverAuth' });
    allocator = await HttpsAllocator.start(server, authority.own.cert);
  });
  afterEach(async () => {
    await allocator.stop();
    await Promise.all([authority.remove(), others.remove()]);
  });

  const ask = (shown?: IssuedCertificate, server = authority): Promise<CurlAnswer> =>
    curl({ url: `${allocator.url}/scrape_configs`, caFile: server.own.certFile, client: shown });

  async function expectServed(shown: IssuedCertificate, server = authority): Promise<void> {
    const { exitCode, body, errors } = await ask(shown, server);
    expect(exitCode, errors).toBe(0);
    expect(body).toContain(password);
  }

  async function expectRefused(shown?: IssuedCertificate, server = authority): Promise<void> {
    const { exitCode, body } = await ask(shown, server);
    expect(exitCode).not.toBe(0);
    expect(body).toBe('');
  }

  it('is refused without a certificate and with one of another authority, and served with the right one', async () => {
    await expectRefused();
    await expectRefused(foreign);
    await expectServed(client);
  });

  it('is served with the new certificate only after both sides were rotated', async () => {
    const next = await others.issue({ name: 'server', usage: 'serverAuth' });
    await allocator.replace('tls.crt', next.cert);
    await allocator.replace('tls.key', next.key);
    await allocator.replace('ca.crt', others.own.cert);
    const settled = { timeout: 10_000, interval: 200 };
    await expect.poll(async () => (await ask(foreign, others)).exitCode, settled).toBe(0);
    await expectServed(foreign, others);
    await expectRefused(client, others);
    await expectRefused(undefined, others);
    // It does not trust the server's former authority any more either.
    await expectRefused(foreign, authority);
  });
});
