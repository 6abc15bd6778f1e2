import { afterEach, describe, expect, it } from 'vitest';

import type { Logger } from '../../plugin-api/index.js';
import type { OtlpExporterConfig, TemporalityPreference } from '../config/index.js';
import { createProcessMetrics, OtlpExport } from './metrics.js';
import { displayEndpoint, grpcUrlOf, httpUrlOf } from './otlp-exporter.js';
import { FakeClock } from './testing/fake-clock.js';
import type { ReceivedMetric } from './testing/otlp-message.js';
import {
  type OtlpReceiver,
  startGrpcReceiver,
  startHttpReceiver,
} from './testing/otlp-receiver.js';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function opened(start: () => Promise<OtlpReceiver>): Promise<OtlpReceiver> {
  const receiver = await start();
  closing.push(() => receiver.close());
  return receiver;
}

const hour = 3_600_000;

function exporterTo(
  receiver: OtlpReceiver,
  more: Partial<OtlpExporterConfig> = {},
): OtlpExporterConfig {
  return {
    protocol: 'http',
    endpoint: `http://${receiver.address}`,
    headers: [],
    temporalityPreference: 'cumulative',
    tlsInsecure: false,
    ...more,
  };
}

function setUp() {
  const logged: string[] = [];
  const logger: Logger = {
    debug: () => {},
    info: (message) => logged.push(`info: ${message}`),
    warn: (message) => logged.push(`warn: ${message}`),
    error: (message) => logged.push(`error: ${message}`),
    child: () => logger,
  };
  const clock = new FakeClock(1_700_000_000_000);
  const identity = {
    serviceName: undefined,
    resourceAttributes: 'deployment.environment=test',
    hostname: 'host-1',
  };
  const metrics = createProcessMetrics({ logger, clock, identity, isExported: true });
  const otlp = new OtlpExport({ metrics, identity, clock, logger });
  closing.push(() => otlp.close());
  const { meter } = metrics;
  const events = meter.counter({
    name: 'opentelemetry_allocator_events_total',
    help: 'e',
    labelNames: ['source'],
  });
  const durations = meter.histogram({
    name: 'opentelemetry_allocator_d_seconds',
    help: 'd',
    labelNames: ['job_name'],
    buckets: [1, 2],
  });
  return { otlp, clock, logged, events, durations, meter };
}

function find(metrics: readonly ReceivedMetric[] | undefined, name: string): ReceivedMetric {
  const found = metrics?.find((metric) => metric.name === name);
  if (found === undefined) throw new Error(`no ${name} has arrived`);
  return found;
}

describe('exporting metrics over OTLP', () => {
  it('sends counters, gauges and histograms over HTTP by the names that the Go allocator gives them', async () => {
    const receiver = await opened(startHttpReceiver);
    const { otlp, clock, events, durations, meter } = setUp();
    const exporter = exporterTo(receiver, { headers: [{ name: 'x-key', value: 'k' }] });
    await otlp.apply([{ intervalMs: hour, timeoutMs: hour, exporter }]);
    events.add(3, { source: 'a' });
    for (const value of [0.5, 1.5, 1.6, 9]) durations.record(value, { job_name: 'j' });
    meter.observableGauge({ name: 'opentelemetry_allocator_g', help: 'g' }, (report) => {
      report(7);
    });
    clock.advanceSync(2000);
    await otlp.close();

    const [{ path, headers, metrics } = {}] = receiver.exports;
    expect(path).toBe('/v1/metrics');
    expect(headers?.['x-key']).toBe('k');
    const counter = find(metrics, 'opentelemetry_allocator_events');
    expect(counter).toMatchObject({
      scope: 'targetallocator',
      kind: 'sum',
      temporality: 'cumulative',
      points: [{ attributes: { source: 'a' }, value: 3, startNanos: 1.7e18, nanos: 1.7e18 + 2e9 }],
    });
    expect(Object.keys(counter.points[0]?.attributes ?? {})).toEqual(['source']);
    expect(find(metrics, 'opentelemetry_allocator_g').points).toMatchObject([{ value: 7 }]);
    expect(find(metrics, 'opentelemetry_allocator_d_seconds')).toMatchObject({
      kind: 'histogram',
      temporality: 'cumulative',
      points: [
        {
          attributes: { 'job.name': 'j' },
          count: 4,
          value: 12.6,
          bounds: [1, 2],
          counts: [1, 2, 1],
        },
      ],
    });
    expect(find(metrics, 'process_cpu_seconds_total').scope).toBe('target-allocator/prometheus');
    expect(metrics?.some(({ name }) => name === 'target_info')).toBe(false);
  });

  it('tells the resource: the service, its instance and the attributes of the environment', async () => {
    const receiver = await opened(startHttpReceiver);
    const { otlp } = setUp();
    await otlp.apply([{ intervalMs: hour, timeoutMs: hour, exporter: exporterTo(receiver) }]);
    await otlp.close();
    expect(receiver.exports[0]?.metrics[0]?.resource).toMatchObject({
      'service.name': 'target-allocator',
      'service.instance.id': 'host-1',
      'deployment.environment': 'test',
      'telemetry.sdk.language': 'nodejs',
    });
  });

  it('sends them over gRPC with the headers', async () => {
    const receiver = await opened(startGrpcReceiver);
    const { otlp, events } = setUp();
    events.add(1, { source: 'a' });
    const exporter = exporterTo(receiver, {
      protocol: 'grpc',
      endpoint: receiver.address,
      tlsInsecure: true,
      headers: [{ name: 'X-Key', value: 'k' }],
    });
    await otlp.apply([{ intervalMs: hour, timeoutMs: hour, exporter }]);
    await otlp.close();
    const [{ path, headers, metrics } = {}] = receiver.exports;
    expect(path).toBe('/opentelemetry.proto.collector.metrics.v1.MetricsService/Export');
    expect(headers?.['x-key']).toBe('k');
    expect(find(metrics, 'opentelemetry_allocator_events').points).toMatchObject([{ value: 1 }]);
  });

  it.each<[TemporalityPreference, string, string]>([
    ['delta', 'delta', 'delta'],
    ['low_memory', 'delta', 'cumulative'],
    ['cumulative', 'cumulative', 'cumulative'],
  ])(
    'with %s sends counted things as %s, things read off as %s',
    async (temporalityPreference, counted, read) => {
      const receiver = await opened(startHttpReceiver);
      const { otlp, events, durations, meter } = setUp();
      let total = 0;
      meter.observableCounter({ name: 'read_total', help: 'r' }, (report) => {
        report((total += 10));
      });
      const exporter = exporterTo(receiver, { temporalityPreference });
      await otlp.apply([{ intervalMs: 20, timeoutMs: 20, exporter }]);
      for (let i = 1; i <= 3; i++) {
        events.add(i, { source: 'a' });
        durations.record(1.5, { job_name: 'j' });
        await receiver.received(i * 2);
      }
      await otlp.close();

      const all = receiver.exports.map(({ metrics }) => metrics);
      const points = (name: string) =>
        all
          .flatMap((metrics) => metrics.filter((metric) => metric.name === name))
          .flatMap((metric) => metric.points);
      const combined = (values: readonly number[], temporality: string): number =>
        temporality === 'delta'
          ? values.reduce((sum, value) => sum + value, 0)
          : (values.at(-1) ?? NaN);
      const last = all.at(-1);
      expect(find(last, 'opentelemetry_allocator_events').temporality).toBe(counted);
      expect(find(last, 'opentelemetry_allocator_d_seconds').temporality).toBe(counted);
      expect(find(last, 'read_total').temporality).toBe(read);
      const values = (name: string) => points(name).map(({ value }) => value);
      expect(combined(values('opentelemetry_allocator_events'), counted)).toBe(6);
      expect(combined(values('opentelemetry_allocator_d_seconds'), counted)).toBe(4.5);
      const inMiddle = points('opentelemetry_allocator_d_seconds').map(
        ({ counts }) => counts[1] ?? NaN,
      );
      expect(combined(inMiddle, counted)).toBe(3);
      expect(combined(values('read_total'), read)).toBe(total);
    },
  );

  it('says once that exporting fails and once that it works again, and counts the failures', async () => {
    const receiver = await opened(startHttpReceiver);
    receiver.isAccepting = false;
    const { otlp, logged, events } = setUp();
    events.add(1, { source: 'a' });
    await otlp.apply([{ intervalMs: 20, timeoutMs: 20, exporter: exporterTo(receiver) }]);
    await receiver.received(3);
    receiver.isAccepting = true;
    await receiver.received(6);
    await otlp.close();
    expect(logged).toEqual([
      'warn: exporting metrics fails; trying again each interval',
      'info: exporting metrics works again',
    ]);
    const failures = find(
      receiver.exports.at(-1)?.metrics,
      'opentelemetry_allocator_metric_export_failures',
    );
    expect(failures.points[0]?.value).toBeGreaterThanOrEqual(3);
    expect(failures.points[0]?.attributes).toEqual({ endpoint: receiver.address });
  });

  it('follows a changed configuration, and sends the last numbers to the endpoint that it leaves', async () => {
    const first = await opened(startHttpReceiver);
    const second = await opened(startHttpReceiver);
    const { otlp } = setUp();
    const to = (receiver: OtlpReceiver) => [
      { intervalMs: hour, timeoutMs: hour, exporter: exporterTo(receiver) },
    ];
    await otlp.apply(to(first));
    await otlp.apply(to(first));
    expect(first.exports).toHaveLength(0);
    await otlp.apply(to(second));
    expect(first.exports).toHaveLength(1);
    await otlp.close();
    expect([first.exports.length, second.exports.length]).toEqual([1, 1]);
  });

  it('does not stop the process over a header that cannot be sent', async () => {
    const { otlp, logged } = setUp();
    const receiver = await opened(startGrpcReceiver);
    const exporter = exporterTo(receiver, {
      protocol: 'grpc',
      headers: [{ name: 'no header', value: 'x' }],
    });
    await otlp.apply([{ intervalMs: hour, timeoutMs: hour, exporter }]);
    expect(logged).toEqual(['error: metrics cannot be exported']);
  });
});

describe('OTLP endpoints', () => {
  it.each([
    ['http://h:4318', 'http://h:4318/v1/metrics'],
    ['http://h:4318/', 'http://h:4318/v1/metrics'],
    ['http://h/otlp', 'http://h/otlp/v1/metrics'],
    ['https://h/v1/metrics', 'https://h/v1/metrics'],
    ['https://h/v1/metrics/', 'https://h/v1/metrics'],
  ])('%s over HTTP is %s', (endpoint, url) => {
    expect(httpUrlOf(endpoint)).toBe(url);
  });

  it.each([
    ['h:4317', false, 'https://h:4317'],
    ['h:4317', true, 'http://h:4317'],
    ['http://h:4317', false, 'http://h:4317'],
    ['https://h:4317', false, 'https://h:4317'],
    ['https://h:4317', true, 'http://h:4317'],
    ['[::1]:4317', true, 'http://[::1]:4317'],
  ])('%s over gRPC, insecure %s, is %s', (endpoint, tlsInsecure, url) => {
    const config: OtlpExporterConfig = {
      protocol: 'grpc',
      endpoint,
      headers: [],
      temporalityPreference: 'cumulative',
      tlsInsecure,
    };
    expect(grpcUrlOf(config)).toBe(url);
  });

  it('are shown without what may be secret of them', () => {
    const endpoint = 'https://user:pass@h:4318/key?token=t';
    const config: OtlpExporterConfig = {
      protocol: 'http',
      endpoint,
      headers: [],
      temporalityPreference: 'cumulative',
      tlsInsecure: false,
    };
    expect(displayEndpoint(config)).toBe('h:4318');
  });
});
