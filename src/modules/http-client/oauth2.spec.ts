import { createPublicKey, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { serveHttp, tlsText, type LocalServer } from '../../../test/fixtures/sd-server.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { Secret, type HttpClient, type OAuth2 } from '../../plugin-api/index.js';
import { createHttpClient } from './index.js';

const limits = { signal: new AbortController().signal, maxBodyBytes: 1_000_000 };
const toClose: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of toClose.splice(0).reverse()) await thing.close();
});

type Tokens = (form: URLSearchParams, request: IncomingMessage, response: ServerResponse) => void;

/** One server that gives tokens at /token, and echoes elsewhere what it was signed with. */
async function start(oauth2: Partial<OAuth2>, tokens: Tokens) {
  const asked: URLSearchParams[] = [];
  const server: LocalServer = await serveHttp((request, response) => {
    if (request.url !== '/token') {
      response.end(request.headers.authorization);
      return;
    }
    void text(request).then((body) => {
      asked.push(new URLSearchParams(body));
      tokens(new URLSearchParams(body), request, response);
    });
  });
  const clock = new FakeClock();
  const client: HttpClient = createHttpClient(
    {
      follow_redirects: true,
      enable_http2: false,
      oauth2: { client_id: 'me', token_url: `${server.origin}/token`, ...oauth2 },
    },
    { clock, proxies: {} },
  );
  toClose.push(server, client);
  const ask = async (): Promise<string> =>
    Buffer.from((await client.request(server.origin, limits)).body).toString();
  return { ask, asked, clock, server };
}

const give =
  (answer: object): Tokens =>
  (_form, _request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };

describe('oauth2', () => {
  it('asks for a token once, with scopes and parameters, and uses it until it expires', async () => {
    const { ask, asked, clock } = await start(
      {
        client_secret: new Secret('s'),
        scopes: ['a', 'b'],
        endpoint_params: { audience: 'sd' },
      },
      give({ access_token: 'tok', token_type: 'bearer', expires_in: 60 }),
    );
    expect(await ask()).toBe('Bearer tok');
    await clock.advance(49_999);
    expect(await ask()).toBe('Bearer tok');
    expect(asked).toHaveLength(1);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      scope: 'a b',
      audience: 'sd',
    });
    await clock.advance(1);
    await ask();
    expect(asked).toHaveLength(2);
  });

  it('names the client in the form when the server does not take it in the header', async () => {
    const { ask, asked } = await start(
      { client_secret: new Secret('s') },
      (form, request, response) => {
        if (request.headers.authorization !== undefined || form.get('client_secret') !== 's') {
          response.writeHead(401).end('{"error":"invalid_client"}');
          return;
        }
        response
          .writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' })
          .end('access_token=tok&expires_in=1');
      },
    );
    expect(await ask()).toBe('Bearer tok');
    expect(await ask()).toBe('Bearer tok');
    // It expires early, so a second token was asked for, in the way that had worked.
    expect(asked).toHaveLength(3);
  });

  it('asks anew when the secret in its file has changed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'oauth2-'));
    const client_secret_file = join(folder, 'secret');
    writeFileSync(client_secret_file, 'one\n');
    const { ask, asked } = await start({ client_secret_file }, (_form, request, response) => {
      const pair = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64');
      response.end(JSON.stringify({ access_token: pair.toString() }));
    });
    expect(await ask()).toBe('Bearer me:one');
    expect(await ask()).toBe('Bearer me:one');
    writeFileSync(client_secret_file, 'two\n');
    expect(await ask()).toBe('Bearer me:two');
    expect(asked).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });

  it('fails the request when there is no token, without quoting what the server said', async () => {
    const { ask, server } = await start(
      { client_secret: new Secret('s3cret') },
      (_form, _request, response) => {
        response.writeHead(400).end('{"error":"invalid_grant","error_description":"s3cret"}');
      },
    );
    const error: unknown = await ask().catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'TA_HTTP_CREDENTIALS' });
    expect(String(error)).toContain('answered 400 (invalid_grant)');
    expect(String(error)).not.toContain('s3cret');
    expect(server.requests.every((request) => request.url === '/token')).toBe(true);
  });

  it('signs a JWT for the jwt-bearer grant', async () => {
    const { ask, asked, clock, server } = await start(
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        client_certificate_key: new Secret(tlsText('jwt.key')),
        client_certificate_key_id: 'k1',
        signature_algorithm: 'RS384',
        claims: { team: 'a' },
      },
      give({ access_token: 'tok' }),
    );
    expect(await ask()).toBe('Bearer tok');
    const [header = '', claims = '', signature = ''] = (asked[0]?.get('assertion') ?? '').split(
      '.',
    );
    const decoded = (part: string): unknown =>
      JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(decoded(header)).toEqual({ alg: 'RS384', typ: 'JWT', kid: 'k1' });
    expect(decoded(claims)).toMatchObject({
      iss: 'me',
      sub: 'me',
      aud: `${server.origin}/token`,
      team: 'a',
      iat: Math.floor(clock.epochMs() / 1_000),
    });
    const isSigned = verify(
      'sha384',
      Buffer.from(`${header}.${claims}`),
      createPublicKey(tlsText('jwt.key')),
      Buffer.from(signature, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  it('says that a key cannot sign, without quoting it', async () => {
    const { ask } = await start(
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        client_certificate_key: new Secret('not a key'),
      },
      give({ access_token: 'tok' }),
    );
    await expect(ask()).rejects.toThrow(/TA_HTTP_CREDENTIALS.*no RSA key/);
  });
});
