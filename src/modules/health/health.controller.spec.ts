import { Global, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Logger } from '../../plugin-api/index.js';
import { ConfigService } from '../config/index.js';
import { CLOCK, LOGGER } from '../telemetry/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { HealthModule, ReadinessRegistry, ReadinessService } from './index.js';

const logger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => logger,
};
const parts = [
  { provide: ConfigService, useValue: { current: { startupTimeoutMs: 60_000 } } },
  { provide: CLOCK, useFactory: () => new FakeClock() },
  { provide: LOGGER, useValue: logger },
];

@Global()
@Module({ providers: parts, exports: parts.map(({ provide }) => provide) })
class FakePartsModule {}

describe('the probes', () => {
  let app: NestFastifyApplication;
  let job = { answered: false, detail: 'no answer yet' };

  beforeEach(async () => {
    const testing = Test.createTestingModule({ imports: [FakePartsModule, HealthModule] });
    app = (await testing.compile()).createNestApplication(new FastifyAdapter());
    await app.init();
    job = { answered: false, detail: 'no answer yet' };
    const sources = [
      { name: 'collectors/static', status: () => ({ answered: true, detail: '2 collectors' }) },
      { name: 'discovery/http:a', status: () => job },
    ];
    app.get(ReadinessRegistry).register(() => sources);
  });
  afterEach(() => app.close());

  it('/livez is 200 whatever is awaited', async () => {
    const { statusCode, body } = await app.inject('/livez');
    expect([statusCode, body]).toEqual([200, 'ok\n']);
  });

  it('/readyz is 503 and says what is awaited, then 200', async () => {
    const before = await app.inject('/readyz');
    expect(before.statusCode).toBe(503);
    expect(before.headers['content-type']).toMatch(/^text\/plain/);
    expect(before.body).toBe('not ready, waiting for discovery/http:a (no answer yet)\n');
    job = { answered: true, detail: '3 groups' };
    const after = await app.inject('/readyz');
    expect([after.statusCode, after.body]).toEqual([200, 'ok\n']);
  });

  it('/readyz?verbose names every source and its state', async () => {
    const before = await app.inject('/readyz?verbose');
    expect(before.statusCode).toBe(503);
    expect(before.body).toBe(
      '[+] collectors/static ok (2 collectors)\n' +
        '[-] discovery/http:a awaited (no answer yet)\n' +
        'not ready, waiting for discovery/http:a (no answer yet)\n',
    );
    job = { answered: true, detail: '3 groups' };
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    job = { answered: false, detail: 'connection refused' };
    const stale = await app.inject('/readyz?verbose=1');
    expect(stale.statusCode).toBe(200);
    expect(stale.body).toContain('[-] discovery/http:a stale (connection refused)\n');
  });

  it('/readyz is 503 from the beginning of the shutdown on, while /livez stays 200', async () => {
    job = { answered: true, detail: '3 groups' };
    app.get(ReadinessService).beginShutdown();
    expect((await app.inject('/readyz')).statusCode).toBe(503);
    expect((await app.inject('/readyz')).body).toBe('not ready, shutting down\n');
    expect((await app.inject('/livez')).statusCode).toBe(200);
  });
});
