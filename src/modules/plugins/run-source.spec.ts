import { describe, expect, it } from 'vitest';
import { RecordingLogger } from '../../../test/fixtures/plugin-context.js';
import type { Source } from '../../plugin-api/index.js';
import { FakeClock } from '../telemetry/testing/fake-clock.js';
import { runSource } from './index.js';

type Run = (emit: (value: string) => void, signal: AbortSignal, clock: FakeClock) => Promise<void>;
const untilStopped = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    });
  });

/** Supervises a source whose n-th run is the n-th of these; the last one is repeated. */
function supervise(runs: readonly [Run, ...Run[]], random = 0.999) {
  const clock = new FakeClock();
  const logger = new RecordingLogger();
  const stop = new AbortController();
  const emitted: [string, boolean][] = [];
  const startedAtMs: number[] = [];
  const refused = new Set<string>();
  const source: Source<string> = {
    run: (emit, signal) => {
      const run = runs[Math.min(startedAtMs.length, runs.length - 1)] ?? runs[0];
      startedAtMs.push(clock.monotonicMs());
      return run(emit, signal, clock);
    },
  };
  const running = runSource(source, {
    name: 'discovery/test:job',
    clock,
    logger,
    random: () => random,
    signal: stop.signal,
    emit: (value, isFirst) => {
      if (refused.has(value)) throw new Error(`cannot take ${value}`);
      emitted.push([value, isFirst]);
    },
  });
  return { clock, logger, stop, emitted, startedAtMs, refused, running };
}

const crash: Run = () => Promise.reject(new Error('boom'));
const emitThenCrash: Run = (emit) => {
  emit('state');
  return Promise.reject(new Error('boom'));
};
const seconds = (ms: readonly number[]): readonly number[] => ms.map((t) => Math.round(t / 1000));

describe('the supervisor', () => {
  it('passes on what a source emits, and marks the first state of each start', async () => {
    const s = supervise([
      async (emit) => {
        emit('a');
        emit('b');
        await Promise.reject(new Error('boom'));
      },
      async (emit, signal) => {
        emit('a');
        await untilStopped(signal);
      },
    ]);
    await s.clock.advance(1_000);
    expect(s.emitted).toEqual([
      ['a', true],
      ['b', false],
      ['a', true],
    ]);
  });

  it('starts a crashed source again, later and later, up to half a minute', async () => {
    const s = supervise([crash]);
    await s.clock.advance(125_000);
    expect(seconds(s.startedAtMs)).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    expect(s.running.state()).toEqual({ answered: false, lastError: 'boom', restarts: 9 });
  });

  it('jitters the wait down to a half of it', async () => {
    const s = supervise([crash], 0);
    await s.clock.advance(1_500);
    expect(s.startedAtMs).toEqual([0, 500, 1_500]);
  });

  it('forgets former crashes only after a stable minute, not after a first answer', async () => {
    const unstable = supervise([emitThenCrash]);
    await unstable.clock.advance(15_000);
    expect(seconds(unstable.startedAtMs)).toEqual([0, 1, 3, 7, 15]);

    const stable: Run = async (_, signal, clock) => {
      await clock.sleep(60_000, signal);
      throw new Error('late');
    };
    const s = supervise([crash, crash, stable]);
    await s.clock.advance(64_000);
    expect(seconds(s.startedAtMs)).toEqual([0, 1, 3, 64]);
  });

  it('takes an early end for a crash', async () => {
    const s = supervise([() => Promise.resolve()]);
    await s.clock.advance(0);
    expect(s.running.state().lastError).toBe('it ended by itself');
  });

  it('survives a source that throws before it returns a promise', async () => {
    const s = supervise([
      () => {
        throw new Error('at once');
      },
    ]);
    await s.clock.advance(0);
    expect(s.running.state().lastError).toBe('at once');
  });

  it('has answered for ever after the first emission, while the last state stays', async () => {
    const s = supervise([emitThenCrash, crash]);
    await s.clock.advance(0);
    expect(s.running.state()).toEqual({ answered: true, lastError: 'boom', restarts: 1 });
  });

  it('forgets the error when the source answers again', async () => {
    const s = supervise([
      crash,
      async (emit, signal) => {
        emit('a');
        await untilStopped(signal);
      },
    ]);
    await s.clock.advance(1_000);
    expect(s.running.state()).toEqual({ answered: true, lastError: undefined, restarts: 1 });
  });

  it('logs once for each change of the error, and its end', async () => {
    const other: Run = () => Promise.reject(new Error('other'));
    const s = supervise([
      crash,
      crash,
      other,
      async (emit, signal) => {
        emit('a');
        await untilStopped(signal);
      },
    ]);
    await s.clock.advance(60_000);
    expect(s.logger.lines.map(({ level, fields }) => [level, fields['error']])).toEqual([
      ['error', 'boom'],
      ['error', 'other'],
      ['info', undefined],
    ]);
    expect(s.logger.lines[0]?.fields['source']).toBe('discovery/test:job');
  });

  it('swallows what a source emits after it was stopped or has crashed', async () => {
    let late: (value: string) => void = () => undefined;
    const s = supervise([
      (emit) => {
        late = emit;
        return Promise.reject(new Error('boom'));
      },
      (_, signal) => untilStopped(signal),
    ]);
    await s.clock.advance(1_000);
    late('from the former run');
    s.stop.abort();
    await s.running.ended;
    late('after the end');
    expect(s.emitted).toEqual([]);
  });

  it('starts a source again whose state could not be taken, so that it is said again', async () => {
    const s = supervise([
      async (emit, signal, clock) => {
        await clock.sleep(1, signal);
        emit('x');
        await untilStopped(signal);
      },
    ]);
    s.refused.add('x');
    await s.clock.advance(1);
    expect(s.running.state().lastError).toBe('what it emitted could not be taken: cannot take x');
    s.refused.clear();
    await s.clock.advance(2_000);
    expect(s.emitted).toEqual([['x', true]]);
  });

  it('waits for the end of a stopped source, and never starts it again', async () => {
    let finish: () => void = () => undefined;
    const s = supervise([
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    ]);
    let hasEnded = false;
    void s.running.ended.then(() => {
      hasEnded = true;
    });
    s.stop.abort();
    await s.clock.advance(0);
    expect(hasEnded).toBe(false);
    finish();
    await s.running.ended;
    await s.clock.advance(600_000);
    expect(s.startedAtMs).toHaveLength(1);
  });

  it('does not start what was stopped before', async () => {
    const stop = new AbortController();
    stop.abort();
    const running = runSource(
      { run: () => Promise.reject(new Error('must not run')) },
      {
        name: 'x',
        clock: new FakeClock(),
        logger: new RecordingLogger(),
        random: Math.random,
        signal: stop.signal,
        emit: () => undefined,
      },
    );
    await running.ended;
    expect(running.state().restarts).toBe(0);
  });
});
