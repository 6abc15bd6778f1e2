import 'reflect-metadata';

import { networkInterfaces } from 'node:os';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type AppOptions } from './app.module.js';
import { parseListenAddress, urlOf } from './modules/config/index.js';
import { ReadinessService } from './modules/health/index.js';
import {
  configureApp,
  createFastifyAdapter,
  HttpsService,
  LastAnswers,
  readTlsFiles,
  requestListenerOf,
  type TlsFiles,
} from './modules/http/index.js';
import { ReplicaLifecycle } from './modules/replication/index.js';
import { METER, NestLogger } from './modules/telemetry/index.js';
import type { Meter } from './plugin-api/index.js';

/** An allocator that serves. */
export interface RunningAllocator {
  /** Where it can be asked from this machine. */
  readonly url: string;
  /** Where it can be asked with a client certificate. */
  readonly httpsUrl: string | undefined;
  readonly meter: Meter;
  /** Readiness off; answers go on, each as the last one of its connection. */
  beginShutdown(): void;
  /** Finishes requests, closes watches and listeners. */
  close(): Promise<void>;
}

/** Makes the application from its parts and listens. Rejects when it cannot. */
export async function bootstrap(options: AppOptions): Promise<RunningAllocator> {
  const { listenAddr, https } = options.config.current;
  // Files that cannot be used stop the start before anything runs.
  const tlsFiles = https.enabled ? await readTlsFiles(https) : undefined;
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.forRoot(options),
    createFastifyAdapter(),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- Nest declares its options as a class and takes any object
    { logger: new NestLogger(options.logger.child('nest')), abortOnError: false },
  );
  configureApp(app);
  const port = await listen(app, listenAddr);
  const tls = tlsFiles === undefined ? undefined : await listenTls(app, options, tlsFiles);
  const replica = app.get(ReplicaLifecycle, { strict: false });
  replica.start({ host: parseListenAddress(listenAddr)?.host, port });
  return {
    url: urlOf({ host: undefined, ...parseListenAddress(listenAddr), port }, 'http'),
    httpsUrl: tls?.url,
    meter: app.get<Meter>(METER, { strict: false }),
    beginShutdown: () => {
      app.get(ReadinessService, { strict: false }).beginShutdown();
      void replica.giveUp();
      app.get(LastAnswers, { strict: false }).begin();
    },
    close: async () => {
      // While the API server can still be asked.
      await replica.giveUp();
      await Promise.all([tls?.service.close(), app.close()]);
    },
  };
}

/** The port that is listened on: another one than asked for when that was 0. */
async function listen(app: NestFastifyApplication, listenAddr: string): Promise<number> {
  const { host, port } = interfaceOf(listenAddr);
  await app.listen({ host, port });
  const address: unknown = app.getHttpServer().address();
  return hasPort(address) ? address.port : port;
}

/** The routes of the application on a listener of their own. */
async function listenTls(
  app: NestFastifyApplication,
  { config, logger, clock }: AppOptions,
  files: TlsFiles,
): Promise<{ readonly url: string; readonly service: HttpsService }> {
  const { https } = config.current;
  const service = new HttpsService({
    config: https,
    files,
    onRequest: requestListenerOf(app),
    logger: logger.child('https'),
    clock,
    meter: app.get<Meter>(METER, { strict: false }),
  });
  const port = await service.start(interfaceOf(https.listenAddr));
  const url = urlOf({ host: undefined, ...parseListenAddress(https.listenAddr), port }, 'https');
  return { url, service };
}

function interfaceOf(listenAddr: string): { readonly host: string; readonly port: number } {
  const { host, port = 0 } = parseListenAddress(listenAddr) ?? {};
  return { host: host ?? everyInterface(), port };
}

/** Go listens on both families; Node does so on `::`, which machines without IPv6 do not have. */
function everyInterface(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

function hasPort(address: unknown): address is { readonly port: number } {
  return typeof address === 'object' && address !== null && 'port' in address;
}
