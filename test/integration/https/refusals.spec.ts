import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../fixtures/eventually.js';
import { rawRequest } from '../../fixtures/raw-request.js';
import {
  isOpensslAvailable,
  type IssuedCertificate,
  TestAuthority,
} from '../../fixtures/test-authority.js';
import { HttpsAllocator, password } from './https-allocator.js';
import { requestText, SClient, showing } from './s-client.js';

/** Who may not read secrets, by OpenSSL's own client. */
describe.skipIf(!isOpensslAvailable)('the HTTPS listener refuses', () => {
  let authority: TestAuthority;
  let narrow: TestAuthority;
  let others: TestAuthority;
  let server: IssuedCertificate;
  let client: IssuedCertificate;
  let allocator: HttpsAllocator;

  beforeAll(async () => {
    authority = await TestAuthority.create('clients');
    narrow = await TestAuthority.create('narrow', [
      'nameConstraints=critical,permitted;DNS:.inside',
    ]);
    // The name of the trusted one, and another key.
    others = await TestAuthority.create('clients');
    server = await authority.issue({ name: 'server', usage: 'serverAuth' });
    client = await authority.issue({ name: 'client' });
    allocator = await HttpsAllocator.start(server, authority.own.cert + narrow.own.cert);
  });
  afterAll(async () => {
    await allocator.stop();
    await Promise.all([authority.remove(), narrow.remove(), others.remove()]);
  });

  async function expectRefused(args: readonly string[], text?: string): Promise<void> {
    const output = await SClient.ask(allocator.port, args, text);
    expect(output).not.toContain('HTTP/1.1');
    expect(output).not.toContain(password);
  }

  async function expectServed(args: readonly string[]): Promise<void> {
    expect(await SClient.ask(allocator.port, args)).toContain(password);
  }

  it.each(['-tls1_2', '-tls1_3'])('not a client of the authority (%s)', async (version) => {
    await expectServed([version, ...showing(client)]);
  });

  it('no verified client a probe, which says what is up, as over HTTP', async () => {
    const text = requestText.replace('/scrape_configs', '/readyz');
    const answer = await SClient.ask(allocator.port, showing(client), text);
    expect(answer).toMatch(/HTTP\/1\.1 200 OK[^]*\r\n\r\nok/);
  });

  it('not one whose intermediate it sends, and not one within the names of its authority', async () => {
    const intermediate = await authority.issue({ name: 'intermediate', isAuthority: true });
    const below = await authority.issue({ name: 'below' }, intermediate);
    await expectServed(showing(below, intermediate));
    const inside = await narrow.issue({ name: 'inside', alternativeNames: 'DNS:a.inside' });
    await expectServed(showing(inside));
  });

  it.each(['-tls1_2', '-tls1_3'])('a client without a certificate (%s)', async (version) => {
    await expectRefused([version]);
  });

  it.each(['-tls1_2', '-tls1_3'])(
    'a certificate of another authority with the same name (%s)',
    async (version) => {
      await expectRefused([version, ...showing(await others.issue({ name: 'client' }))]);
    },
  );

  it('a certificate that signed itself', async () => {
    await expectRefused(showing(others.own));
  });

  it('a certificate that has expired', async () => {
    await expectRefused(showing(await authority.issue({ name: 'late', days: -1 })));
  });

  it('a certificate for servers', async () => {
    await expectRefused(showing(server));
  });

  it('a certificate that was signed by a client', async () => {
    const forged = await authority.issue({ name: 'forged' }, client);
    await expectRefused(showing(forged, client));
  });

  it('a certificate with a name that its authority may not give', async () => {
    const outside = await narrow.issue({ name: 'outside', alternativeNames: 'DNS:a.outside' });
    await expectRefused(showing(outside));
  });

  it.each(['-tls1', '-tls1_1'])('an old protocol (%s)', async (version) => {
    await expectRefused([version, '-cipher', 'ALL:@SECLEVEL=0', ...showing(client)]);
  });

  it('another handshake on a connection', async () => {
    const renegotiating = new SClient(allocator.port, ['-tls1_2', ...showing(client)]);
    await eventually(
      'the first handshake',
      () => /Verify return code/.exec(renegotiating.output) ?? undefined,
    );
    renegotiating.write('R\n');
    const output = await renegotiating.end();
    expect(output).toContain('RENEGOTIATING');
    expect(output).toContain('no renegotiation');
  });

  it('a request without TLS', async () => {
    const plain = rawRequest({ port: allocator.port, path: '/scrape_configs' });
    await expect(plain).rejects.toThrow();
  });

  it('and shows no secret over plain HTTP', async () => {
    const { status, text } = await allocator.allocator.get('/scrape_configs');
    expect(status).toBe(200);
    expect(text).not.toContain(password);
  });

  describe('after a swap of the authorities', () => {
    let former: IssuedCertificate;
    let revokedBy: TestAuthority;
    let swaps = 0;

    beforeAll(async () => {
      revokedBy = await TestAuthority.create('revoked');
      former = await revokedBy.issue({ name: 'former' });
    });
    afterAll(() => revokedBy.remove());
    beforeEach(async () => {
      await trust(authority, revokedBy);
    });

    async function trust(...trusted: readonly TestAuthority[]): Promise<void> {
      swaps += 1;
      await allocator.replace('ca.crt', trusted.map(({ own }) => own.cert).join(''));
      await allocator.waitForLog(/a new file of HTTPS is in force/, swaps);
    }

    it.each(['-tls1_2', '-tls1_3'])('whom it no longer knows (%s)', async (version) => {
      await expectServed([version, ...showing(former)]);
      await trust(authority);
      await expectRefused([version, ...showing(former)]);
      await expectServed([version, ...showing(client)]);
    });

    it.each(['-tls1_2', '-tls1_3'])('a session of before, resumed (%s)', async (version) => {
      const session = join(allocator.folder, `session${version}`);
      const asFormer = [version, ...showing(former)];
      await expectServed([...asFormer, '-sess_out', session]);
      const again = await SClient.ask(allocator.port, [...asFormer, '-sess_in', session]);
      expect(again).toContain(password);
      expect(again).not.toContain('Reused');
      await trust(authority);
      await expectRefused([...asFormer, '-sess_in', session]);
      await expectRefused([version, '-sess_in', session]);
    });

    it.each(['-tls1_2', '-tls1_3'])(
      'the next request on an open connection (%s)',
      async (version) => {
        const [stays, goes] = [client, former].map(
          (certificate) => new SClient(allocator.port, [version, ...showing(certificate)]),
        );
        if (stays === undefined || goes === undefined) throw new Error('two clients');
        for (const open of [stays, goes]) {
          open.write('GET /livez HTTP/1.1\r\nHost: a\r\n\r\n');
          await eventually('an answer', () => /\r\n\r\nok/.exec(open.output) ?? undefined);
        }
        await trust(authority);
        for (const open of [stays, goes]) open.write(requestText);
        expect(await stays.end()).toContain(password);
        const output = await goes.end();
        expect(output).not.toContain('scrape_interval');
        expect(output).not.toContain(password);
      },
    );
  });

  it('says how long its certificates last, and counts whom it refused', async () => {
    const metric = 'opentelemetry_allocator_https_certificate_expiry_days';
    const days = (Date.parse(new X509Certificate(server.cert).validTo) - Date.now()) / 86_400_000;
    expect(await allocator.metric(metric, 'file="certificate"')).toBeCloseTo(days, 1);
    expect(await allocator.metric(metric, 'file="ca"')).toBeCloseTo(10, 1);
    const refused = 'opentelemetry_allocator_https_refused_connections_total';
    expect(await allocator.metric(refused)).toBeGreaterThanOrEqual(10);
  });
});
