import 'reflect-metadata';

import { networkInterfaces } from 'node:os';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type AppOptions } from './app.module.js';
import { parseListenAddress, urlOf } from './modules/config/index.js';
import { ReadinessService } from './modules/health/index.js';
import { configureApp, createFastifyAdapter } from './modules/http/index.js';
import { METER, NestLogger } from './modules/telemetry/index.js';
import type { Meter } from './plugin-api/index.js';

/** An allocator that serves. */
export interface RunningAllocator {
  /** Where it can be asked from this machine. */
  readonly url: string;
  readonly meter: Meter;
  /** Readiness off; answers go on. */
  beginShutdown(): void;
  /** Finishes requests, closes watches and listeners. */
  close(): Promise<void>;
}

/** Makes the application from its parts and listens. Rejects when it cannot. */
export async function bootstrap(options: AppOptions): Promise<RunningAllocator> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(options),
    createFastifyAdapter(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes any object
    { logger: new NestLogger(options.logger.child('nest')), abortOnError: false },
  );
  configureApp(app);
  const port = await listen(app, options.config.current.listenAddr);
  const url = urlOf(
    { host: undefined, ...parseListenAddress(options.config.current.listenAddr), port },
    'http',
  );
  return {
    url,
    meter: app.get<Meter>(METER, { strict: false }),
    beginShutdown: () => {
      app.get(ReadinessService, { strict: false }).beginShutdown();
    },
    close: () => app.close(),
  };
}

/** The port that is listened on: another one than asked for when that was 0. */
async function listen(app: NestFastifyApplication, listenAddr: string): Promise<number> {
  const { host = everyInterface(), port = 0 } = parseListenAddress(listenAddr) ?? {};
  await app.listen({ host, port });
  const address: unknown = app.getHttpServer().address();
  return hasPort(address) ? address.port : port;
}

/** Go listens on both families; Node does so on `::`, which machines without IPv6 do not have. */
function everyInterface(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

function hasPort(address: unknown): address is { readonly port: number } {
  return typeof address === 'object' && address !== null && 'port' in address;
}
