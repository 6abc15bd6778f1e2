import fc from 'fast-check';
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { PrometheusText } from './prometheus-text.js';

const labelNames = ['a', 'b', 'le2'];
const text = fc.oneof(fc.string(), fc.constantFrom('', '\\', '"', '\n', '\\n"', 'ä€😀'));
// Only gauges take what is no number.
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.nat(),
  fc.constantFrom(1e21, -0, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const labels = fc.oneof(
  fc.constant({}),
  fc.record({ a: text, b: fc.oneof(text, fc.nat()), le2: text }, { requiredKeys: [] }),
);
const metric = fc.record({
  kind: fc.constantFrom('counter', 'gauge', 'histogram', 'summary'),
  help: text.map((help) => `h${help}`),
  samples: fc.array(fc.record({ labels, value }), { maxLength: 6 }),
});

interface Described {
  readonly kind: string;
  readonly help: string;
  readonly samples: readonly { readonly labels: object; readonly value: number }[];
}

function register(registry: Registry, name: string, { kind, help, samples }: Described): void {
  const options = { name, help, labelNames, registers: [registry] };
  switch (kind) {
    case 'counter': {
      const counter = new Counter(options);
      for (const { labels, value } of samples) counter.inc(labels, Math.abs(value));
      break;
    }
    case 'gauge': {
      const gauge = new Gauge(options);
      for (const { labels, value } of samples) gauge.set(labels, value);
      for (const none of [NaN, Infinity, -Infinity]) gauge.set({ a: String(none) }, none);
      break;
    }
    case 'histogram': {
      const histogram = new Histogram({ ...options, buckets: [0.001, 1, 1e6] });
      for (const { labels, value } of samples) histogram.observe(labels, value);
      break;
    }
    default: {
      const summary = new Summary({ ...options, percentiles: [0.5, 0.99] });
      for (const { labels, value } of samples) summary.observe(labels, value);
    }
  }
}

describe('the text of metrics', () => {
  it("is, to the byte, what prom-client's registry writes, each time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(metric, { maxLength: 5 }), async (metrics) => {
        const registry = new Registry();
        metrics.forEach((described, i) => {
          register(registry, `m_${String(i)}`, described);
        });
        const written = new PrometheusText(registry);
        for (const when of ['first', 'with what is kept']) {
          expect((await written.text()).body, when).toBe(await registry.metrics());
        }
      }),
      { numRuns: 200 },
    );
  });
});
