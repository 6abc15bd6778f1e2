import { setTimeout as sleep } from 'node:timers/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';

import { NEVER_MS, registerEventLoopLag } from './event-loop-lag.js';

function namesOf(registry: Registry): readonly string[] {
  return registry.getMetricsAsArray().flatMap(({ name }) => (name.includes('lag') ? [name] : []));
}

async function valueOf(registry: Registry, name: string): Promise<number> {
  const text = await registry.metrics();
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
}

describe('the delay of the event loop', () => {
  it('has the metrics that prom-client has', () => {
    const theirs = new Registry();
    collectDefaultMetrics({ register: theirs, eventLoopMonitoringPrecision: NEVER_MS });
    const ours = new Registry();
    collectDefaultMetrics({ register: ours, eventLoopMonitoringPrecision: NEVER_MS });
    registerEventLoopLag(ours);
    expect([...namesOf(ours)].sort()).toEqual([...namesOf(theirs)].sort());
  });

  it('is told as long as the loop stood still, in the scrape after that, once', async () => {
    const registry = new Registry();
    registerEventLoopLag(registry);
    // Two looks begin the measurement.
    await sleep(100);
    const until = performance.now() + 400;
    while (performance.now() < until);
    await sleep(1);
    expect(await valueOf(registry, 'nodejs_eventloop_lag_max_seconds')).toBeGreaterThan(0.3);
    expect(await valueOf(registry, 'nodejs_eventloop_lag_max_seconds')).toBeLessThan(0.3);
  });
});
