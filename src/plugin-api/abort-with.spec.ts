import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { abortWith } from './abort-with.js';

describe('abortWith', () => {
  it('passes the abort on with its reason', () => {
    const long = new AbortController();
    const short = new AbortController();
    abortWith(short, long.signal);
    expect(short.signal.aborted).toBe(false);
    long.abort('enough');
    expect(short.signal.reason).toBe('enough');
  });

  it('passes on at once what has been before', () => {
    const short = new AbortController();
    abortWith(short, AbortSignal.abort('before'));
    expect(short.signal.reason).toBe('before');
  });

  it('leaves nothing with the signal when it is ended, and passes nothing on any more', () => {
    const long = new AbortController();
    const bare = Reflect.ownKeys(long.signal);
    const short = new AbortController();
    abortWith(short, long.signal)();
    expect(getEventListeners(long.signal, 'abort')).toEqual([]);
    // Where AbortSignal.any keeps what it leaves.
    expect(Reflect.ownKeys(long.signal)).toEqual(bare);
    long.abort();
    expect(short.signal.aborted).toBe(false);
  });
});
