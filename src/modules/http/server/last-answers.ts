import type { Server } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import { quietMoment } from './quiet-moment.js';

/**
 * The end of serving, without a request that is cut off: once it has begun, each answer says that it is the last one of its
 * connection, so that clients connect anew, to who is still there; and listening stops when nobody is just asking.
 */
@Injectable()
export class LastAnswers implements OnModuleInit {
  #hasBegun = false;

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  /** Whether answers are last ones, as only routes give them. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Those who ask from now on get their last answers. */
  begin(): void {
    this.#hasBegun = true;
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance();
    const { server } = fastify;
    fastify.addHook('onRequest', (_request, reply, done) => {
      if (this.#hasBegun) void reply.header('Connection', 'close');
      done();
    });
    fastify.addHook('preClose', (done) => {
      void untilQuiet(server).then(() => {
        done();
      });
    });
    // A connection whose last answer began before the end is idle only after it.
    fastify.addHook('onResponse', (_request, _reply, done) => {
      if (this.#hasBegun && !server.listening)
        setImmediate(() => {
          server.closeIdleConnections();
        });
      done();
    });
  }
}

async function untilQuiet(server: Server): Promise<void> {
  if (server.listening) await quietMoment(server);
}
