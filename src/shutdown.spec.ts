import { describe, expect, it } from 'vitest';

import type { Logger } from './plugin-api/index.js';
import { FakeClock } from './modules/telemetry/testing/fake-clock.js';
import { Shutdown } from './shutdown.js';

const silent: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
};
const sigterm = { name: 'SIGTERM', number: 15 } as const;

function shutdown(close: () => Promise<void>, delayMs = 5_000) {
  const clock = new FakeClock();
  const events: string[] = [];
  const at = (event: string) => events.push(`${String(clock.monotonicMs())} ${event}`);
  const instance = new Shutdown({
    logger: silent,
    clock,
    delayMs: () => delayMs,
    beginShutdown: () => at('not ready'),
    close: () => {
      at('close');
      return close();
    },
    exit: (code) => at(`exit ${String(code)}`),
  });
  return { instance, clock, events };
}

describe('Shutdown', () => {
  it('turns readiness off, serves on for the delay, closes and exits with 0', async () => {
    const { instance, clock, events } = shutdown(() => Promise.resolve());
    instance.request(sigterm);
    await clock.advance(60_000);
    expect(events).toEqual(['0 not ready', '5000 close', '5000 exit 0']);
  });

  it('exits within 15 s in Kubernetes though a client never reads its answer', async () => {
    const { instance, clock, events } = shutdown(() => new Promise(() => {}));
    instance.request(sigterm);
    await clock.advance(60_000);
    expect(events.at(-1)).toBe('13000 exit 0');
  });

  it('exits with 0 though something cannot be closed', async () => {
    const { instance, clock, events } = shutdown(() => Promise.reject(new Error('no')), 0);
    instance.request(sigterm);
    await clock.advance(0);
    expect(events).toEqual(['0 not ready', '0 close', '0 exit 0']);
  });

  it('exits at once at the second signal', async () => {
    const { instance, clock, events } = shutdown(() => new Promise(() => {}));
    instance.request(sigterm);
    await clock.advance(1_000);
    instance.request({ name: 'SIGINT', number: 2 });
    expect(events.at(-1)).toBe('1000 exit 130');
  });
});
