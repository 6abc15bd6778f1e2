import { describe, expect, it } from 'vitest';
import { collectorOf, judgePod, slimPod } from './collector-pod.js';

const nowMs = Date.UTC(2026, 0, 1, 12);
const minuteMs = 60_000;
const graceMs = 10 * minuteMs;

function ago(minutes: number): string {
  return new Date(nowMs - minutes * minuteMs).toISOString();
}
interface PodParts {
  readonly node?: string;
  readonly phase?: string;
  readonly ready?: string;
  readonly minutes?: number;
  readonly deleted?: boolean;
}
function pod({ node = 'n', phase = 'Running', ready, minutes = 60, deleted }: PodParts): unknown {
  return {
    metadata: { name: 'c-0', ...(deleted === true ? { deletionTimestamp: ago(0) } : {}) },
    spec: node === '' ? {} : { nodeName: node },
    status: {
      phase,
      startTime: ago(minutes),
      ...(ready === undefined
        ? {}
        : {
            conditions: [
              { type: 'ContainersReady', status: 'False', lastTransitionTime: ago(600) },
              { type: 'Ready', status: ready, lastTransitionTime: ago(minutes) },
            ],
          }),
    },
  };
}
function judged(parts: PodParts, grace = graceMs) {
  const slim = slimPod(pod(parts));
  if (slim === undefined) throw new Error('no pod');
  return judgePod(slim, nowMs, grace);
}

// Fault row 21. With a grace period, and without one (golden allocation/collectors-not-ready, collectors-grace-zero).
const states: readonly (readonly [string, PodParts, boolean, boolean])[] = [
  ['running and ready', { ready: 'True' }, true, true],
  ['not scheduled', { node: '', phase: 'Pending', ready: 'False', minutes: 0 }, false, false],
  ['pending for a minute', { phase: 'Pending', ready: 'False', minutes: 1 }, true, true],
  ['pending for long, though ready', { phase: 'Pending', ready: 'True' }, false, true],
  ['unready for a minute', { ready: 'False', minutes: 1 }, true, true],
  ['unready for long (as when crash-looping)', { ready: 'False' }, false, true],
  ['of unknown readiness for long (node lost)', { ready: 'Unknown' }, false, true],
  ['succeeded for long', { phase: 'Succeeded', ready: 'False' }, false, true],
  ['failed or evicted for long', { phase: 'Failed', ready: 'True' }, false, true],
  ['failed a minute ago', { phase: 'Failed', ready: 'False', minutes: 1 }, true, true],
  ['running without any condition', {}, true, true],
  ['terminating, though ready', { ready: 'True', deleted: true }, false, false],
];

describe('judgePod', () => {
  it.each(states)('takes a pod that is %s: %j as %s', (_, parts, withGrace, withoutGrace) => {
    expect(judged(parts).isCollector).toBe(withGrace);
    expect(judged(parts, 0).isCollector).toBe(withoutGrace);
  });

  it('lets a pod go after its grace period, not at its end', () => {
    expect(judged({ ready: 'False', minutes: 10 }).isCollector).toBe(true);
    expect(judged({ ready: 'False', minutes: 10 + 1 / minuteMs }).isCollector).toBe(false);
  });

  it('tells when a pod ceases to be a collector by itself', () => {
    expect(judged({ ready: 'False', minutes: 4 }).endsAtMs).toBe(nowMs + 6 * minuteMs);
    expect(judged({ ready: 'True' }).endsAtMs).toBeUndefined();
    expect(judged({ ready: 'False', minutes: 4 }, 0).endsAtMs).toBeUndefined();
  });

  it('does not count a pending pod that no kubelet has seen yet', () => {
    const seen = slimPod({
      metadata: { name: 'c' },
      spec: { nodeName: 'n' },
      status: { phase: 'Pending' },
    });
    expect(seen && judgePod(seen, nowMs, graceMs).isCollector).toBe(true);
  });
});

describe('slimPod', () => {
  it('keeps labels and annotations under any name', () => {
    const slim = slimPod(
      JSON.parse(
        '{"metadata":{"name":"c","labels":{"__proto__":"x","app":"otel"},"annotations":{"constructor":"y"}},"spec":{"nodeName":"n"}}',
      ),
    );
    const collector = slim && collectorOf(slim);
    expect(collector).toMatchObject({ name: 'c', node: 'n' });
    expect(Object.entries(collector?.labels ?? {})).toEqual([
      ['__proto__', 'x'],
      ['app', 'otel'],
    ]);
    expect(collector?.annotations?.['constructor']).toBe('y');
    expect(collector?.annotations?.['toString']).toBeUndefined();
  });

  it.each([[undefined], [null], ['pod'], [{}], [{ metadata: {} }]])('leaves %j out', (object) => {
    expect(slimPod(object)).toBeUndefined();
  });
});
