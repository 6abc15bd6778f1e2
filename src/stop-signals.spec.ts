import { beforeEach, describe, expect, it } from 'vitest';
import { type StopSignal, StopSignals } from './stop-signals.js';

let listeners: Map<string, () => void>;
let events: string[];
let signals: StopSignals;
const tell = ({ name, number }: StopSignal) => events.push(`${name} ${String(number)}`);

beforeEach(() => {
  listeners = new Map();
  events = [];
  signals = new StopSignals({
    on: (name, action) => listeners.set(name, action),
    off: (name, action) => {
      if (listeners.get(name) === action) listeners.delete(name);
    },
    raise: (name) => events.push(`raised ${name}`),
    exit: (code) => events.push(`exit ${String(code)}`),
  });
});

describe('a signal that asks to end', () => {
  it('waits until somebody says what it does', () => {
    listeners.get('SIGTERM')?.();
    expect(events).toEqual([]);
    signals.handle(tell);
    expect(events).toEqual(['SIGTERM 15']);
  });

  it('ends the process at once when another one waits', () => {
    listeners.get('SIGTERM')?.();
    listeners.get('SIGINT')?.();
    expect(events).toEqual(['exit 130']);
  });

  it('does what was said last', () => {
    signals.handle(() => events.push('former'));
    signals.handle(tell);
    listeners.get('SIGINT')?.();
    listeners.get('SIGTERM')?.();
    expect(events).toEqual(['SIGINT 2', 'SIGTERM 15']);
  });

  it('does what it does to any program where nobody is to hear it', () => {
    signals.letGo();
    expect([listeners.size, events]).toEqual([0, []]);
  });

  it('does so too when it has come before', () => {
    listeners.get('SIGINT')?.();
    signals.letGo();
    expect([listeners.size, events]).toEqual([0, ['raised SIGINT']]);
  });
});
