import type { ServerResponse } from 'node:http';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Histogram, Meter, MetricLabels } from '../../../plugin-api/index.js';
import { METER } from '../../telemetry/index.js';

/**
 * The Go allocator's bounds (made for milliseconds, though the values are seconds), so that its `le` values exist, and
 * finer ones below them, where all requests are.
 */
const BUCKETS_SECONDS = [
  0, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 75, 100, 250, 500, 750,
  1000, 2500, 5000, 7500, 10000,
];

/** Measures each request, by route. */
@Injectable()
export class HttpObserver implements OnModuleInit {
  readonly #duration: Histogram;
  readonly #labels = new Map<string, MetricLabels>();

  constructor(
    private readonly host: HttpAdapterHost<FastifyAdapter>,
    @Inject(METER) meter: Meter,
  ) {
    this.#duration = meter.histogram({
      name: 'opentelemetry_allocator_http_duration_seconds',
      help: 'Duration of received HTTP requests.',
      labelNames: ['path'],
      buckets: BUCKETS_SECONDS,
    });
  }

  onModuleInit(): void {
    const adapter = this.host.httpAdapter;
    adapter.setOnRequestHook((_request, reply, done) => {
      void reply.header('X-Content-Type-Options', 'nosniff');
      done();
    });
    adapter.setOnResponseHook((request, reply, done) => {
      // The route's pattern; '' where there is none, as gin has it.
      this.#record(reply.elapsedTime, request.routeOptions.url ?? '');
      done();
    });
  }

  /** Measures a request that is answered beside the routes. @param startMs Of `performance.now()`. */
  observe(response: ServerResponse, path: string, startMs: number): void {
    response.once('finish', () => {
      this.#record(performance.now() - startMs, path);
    });
  }

  #record(tookMs: number, path: string): void {
    this.#duration.record(tookMs / 1000, this.#labelsOf(path));
  }

  /** Frozen, which tells the meter that they do not change; as many as there are routes. */
  #labelsOf(path: string): MetricLabels {
    const known = this.#labels.get(path);
    if (known !== undefined) return known;
    const labels = Object.freeze({ path });
    this.#labels.set(path, labels);
    return labels;
  }
}
