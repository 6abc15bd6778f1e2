import { describe, expect, it } from 'vitest';

import type { Logger } from '../../plugin-api/index.js';
import { createProcessMetrics } from './metrics.js';
import { netstatValue, limitOf } from './process-metrics.js';
import { FakeClock } from './testing/fake-clock.js';

const scope = 'otel_scope_name="targetallocator",otel_scope_schema_url="",otel_scope_version=""';

function setUp(attributes?: string) {
  const warnings: unknown[] = [];
  const logger: Logger = {
    debug: () => {},
    info: () => {},
    warn: (...line) => warnings.push(line),
    error: () => {},
    child: () => logger,
  };
  const metrics = createProcessMetrics({
    logger,
    clock: new FakeClock(1_000_000),
    identity: { serviceName: undefined, resourceAttributes: attributes, hostname: 'host' },
    isExported: false,
  });
  /** The lines of /metrics that begin with the name. */
  const lines = async (name: string): Promise<readonly string[]> => {
    const { body } = await metrics.text.text();
    return body.split('\n').filter((line) => line.startsWith(name));
  };
  return { ...metrics, lines, warnings };
}

describe('the meter', () => {
  it("gives the allocator's own metrics the labels of their scope, and only these", async () => {
    const { meter, lines } = setUp();
    meter
      .counter({ name: 'opentelemetry_allocator_x_total', help: 'x', labelNames: ['a'] })
      .add(2, { a: 'v' });
    meter.counter({ name: 'prometheus_sd_x_total', help: 'x' }).add(1);
    expect(await lines('opentelemetry_allocator_x')).toEqual([
      `opentelemetry_allocator_x_total{a="v",${scope}} 2`,
    ]);
    expect(await lines('prometheus_sd_x')).toEqual(['prometheus_sd_x_total 1']);
  });

  it('shows exactly the series that are reported, each time anew', async () => {
    const { meter, lines } = setUp();
    let jobs: readonly string[] = ['a', 'b'];
    const gauge = { name: 'opentelemetry_allocator_g', help: 'g', labelNames: ['job_name'] };
    meter.observableGauge(gauge, (report) => {
      jobs.forEach((job, i) => {
        report(i, { job_name: job });
      });
    });
    expect(await lines('opentelemetry_allocator_g')).toHaveLength(2);
    jobs = ['b'];
    expect(await lines('opentelemetry_allocator_g')).toEqual([
      `opentelemetry_allocator_g{job_name="b",${scope}} 0`,
    ]);
    jobs = [];
    expect(await lines('opentelemetry_allocator_g')).toEqual([]);
  });

  it('shows no series of a metric without labels that nobody reports', async () => {
    const { meter, lines } = setUp();
    const values: number[] = [];
    meter.observableCounter({ name: 'prometheus_sd_y_total', help: 'y' }, (report) => {
      values.forEach((value) => {
        report(value);
      });
    });
    expect(await lines('prometheus_sd_y')).toEqual([]);
    values.push(3);
    expect(await lines('prometheus_sd_y')).toEqual(['prometheus_sd_y_total 3']);
  });

  it('lets several observers report the series of one metric together', async () => {
    const { meter, lines } = setUp();
    for (const name of ['a', 'b']) {
      meter.observableGauge({ name: 'z', help: 'z', labelNames: ['name'] }, (report) => {
        report(1, { name });
      });
    }
    expect(await lines('z{')).toEqual(['z{name="a"} 1', 'z{name="b"} 1']);
  });

  it('ends a series when it is removed', async () => {
    const { meter, lines } = setUp();
    const histogram = meter.histogram({
      name: 'opentelemetry_allocator_h',
      help: 'h',
      labelNames: ['job_name'],
      buckets: [1],
    });
    histogram.record(0.5, { job_name: 'a' });
    histogram.record(2, { job_name: 'b' });
    histogram.remove({ job_name: 'a' });
    expect(await lines('opentelemetry_allocator_h')).toEqual([
      `opentelemetry_allocator_h_bucket{le="1",job_name="b",${scope}} 0`,
      `opentelemetry_allocator_h_bucket{le="+Inf",job_name="b",${scope}} 1`,
      `opentelemetry_allocator_h_sum{job_name="b",${scope}} 2`,
      `opentelemetry_allocator_h_count{job_name="b",${scope}} 1`,
    ]);
  });

  it('records with frozen labels, kept or not, in the series of equal ones', async () => {
    const { meter, lines } = setUp();
    const options = { name: 'opentelemetry_allocator_f', help: 'f', labelNames: ['path'] };
    const histogram = meter.histogram({ ...options, buckets: [1] });
    const frozen = Object.freeze({ path: '/jobs' });
    const changing: { path: string } = { path: '/jobs' };
    for (const labels of [frozen, frozen, changing]) histogram.record(0.5, labels);
    changing.path = '/other';
    histogram.record(0.5, changing);
    expect(await lines('opentelemetry_allocator_f_count')).toEqual([
      `opentelemetry_allocator_f_count{path="/jobs",${scope}} 3`,
      `opentelemetry_allocator_f_count{path="/other",${scope}} 1`,
    ]);
  });

  it('gives the same instrument for the same name, and refuses another kind of that name', async () => {
    const { meter, lines } = setUp();
    const options = { name: 'c_total', help: 'c' };
    meter.counter(options).add(1);
    meter.counter(options).add(1);
    expect(await lines('c_total')).toEqual(['c_total 2']);
    expect(() => meter.histogram({ ...options, buckets: [1] })).toThrow('TA_METRIC_CONFLICT');
  });

  it('shows everything else when an observer throws, and says so', async () => {
    const { meter, lines, warnings } = setUp();
    meter.observableGauge({ name: 'broken', help: 'b' }, () => {
      throw new Error('no');
    });
    meter.counter({ name: 'fine_total', help: 'f' }).add(1);
    expect(await lines('fine_total')).toEqual(['fine_total 1']);
    expect(warnings).toEqual([
      ['a metric cannot be read', { metric: 'broken', error: new Error('no') }],
    ]);
  });
});

describe('the metrics that are always there', () => {
  it("are those of the process by Go's names, of Node.js, and the resource", async () => {
    const { text } = setUp();
    const { contentType, body } = await text.text();
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8');
    const names = new Set(
      body.split('\n').flatMap((line) => (line.startsWith('# TYPE ') ? [line.split(' ')[2]] : [])),
    );
    for (const name of [
      'process_cpu_seconds_total',
      'process_max_fds',
      'process_network_receive_bytes_total',
      'process_network_transmit_bytes_total',
      'process_open_fds',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
      'process_virtual_memory_bytes',
      'process_virtual_memory_max_bytes',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_heap_size_used_bytes',
      'prometheus_template_text_expansions_total',
      'prometheus_treecache_watcher_goroutines',
    ]) {
      expect(names).toContain(name);
    }
  });

  it('tell the resource by the labels that the Go allocator has', async () => {
    const { lines } = setUp();
    const [line] = await lines('target_info{');
    expect(line).toMatch(
      /^target_info\{service_name="target-allocator",telemetry_sdk_language="nodejs",telemetry_sdk_name="opentelemetry",telemetry_sdk_version="[\d.]+"\} 1$/,
    );
  });

  it('tell the attributes of the environment, those on one label name together', async () => {
    const { lines } = setUp('service.name=mine,a.b=1%2C2,a-b=3,nonsense,=x,9x=y');
    const [line] = await lines('target_info{');
    expect(line).toContain('service_name="mine"');
    expect(line).toContain('a_b="3;1,2"');
    expect(line).toContain('key_9x="y"');
  });

  it('read limits and traffic as Linux writes them', () => {
    const limits =
      'Limit  Soft Limit  Hard Limit  Units\nMax address space         unlimited            unlimited            bytes\nMax open files            1024                 4096                 files\n';
    expect(limitOf(limits, 'Max address space')).toBe(2 ** 64);
    expect(limitOf(limits, 'Max open files')).toBe(1024);
    expect(limitOf('', 'Max open files')).toBeUndefined();
    const netstat =
      'TcpExt: A B\nTcpExt: 1 2\nIpExt: InNoRoutes InOctets OutOctets\nIpExt: 0 17 23\n';
    expect(netstatValue(netstat, 'IpExt', 'InOctets')).toBe(17);
    expect(netstatValue(netstat, 'IpExt', 'OutOctets')).toBe(23);
    expect(netstatValue('', 'IpExt', 'OutOctets')).toBeUndefined();
    expect(netstatValue(netstat, 'IpExt', 'Other')).toBeUndefined();
  });
});
