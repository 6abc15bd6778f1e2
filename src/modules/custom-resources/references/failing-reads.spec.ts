import { inspect } from 'node:util';
import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import { ApiStatusError } from '../../kubernetes/index.js';
import { base64 } from './testing/fake-objects.js';
import {
  known,
  missing,
  pending,
  referencedWorld,
  type ReferencedWorld,
} from './testing/referenced-world.js';

let cluster: ReferencedWorld['cluster'];
let clock: ReferencedWorld['clock'];
let logger: ReferencedWorld['logger'];
let values: ReferencedWorld['values'];
let changed: ReferencedWorld['changed'];
let get: ReferencedWorld['get'];
let own: ReferencedWorld['own'];

beforeEach(() => {
  ({ cluster, clock, logger, values, changed, get, own } = referencedWorld());
});
afterEach(() => {
  values.onModuleDestroy();
  expect(clock.pendingTimers).toBe(0);
  expect(cluster.watches.size).toBe(0);
});

const unavailable = new ApiStatusError(503, 'ServiceUnavailable', 'starting');

describe('a Secret whose reads fail', () => {
  beforeEach(async () => {
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    own('Secret', 'shop', 'creds');
    await clock.advance(0);
    changed.length = 0;
    cluster.reads.length = 0;
  });

  it.each([
    ['an unavailable server', unavailable],
    ['a broken connection', new TypeError('socket hang up')],
    ['a right that was taken away', new ApiStatusError(403, 'Forbidden', 'no')],
    ['a 404 that the API server has not said', new ApiStatusError(404, '', '404 page not found')],
  ])('keeps its values through %s, and follows again when that is over', async (_, failure) => {
    cluster.failure = failure;
    cluster.put('secrets/shop/creds', { user: base64('bob') });
    await clock.advance(600_000);
    expect(cluster.reads.length).toBeGreaterThan(1);
    expect(get('Secret', 'creds', 'user')).toEqual(known('alice'));
    expect(changed).toEqual([]);
    cluster.failure = undefined;
    await clock.advance(600_000);
    expect(get('Secret', 'creds', 'user')).toEqual(known('bob'));
    expect([...values.failures.counts()]).toHaveLength(1);
  });
});

describe('failing reads', () => {
  it('leave what was never read pending, until it is read', async () => {
    cluster.failure = unavailable;
    cluster.put('secrets/shop/creds', { user: base64('alice') });
    own('Secret', 'shop', 'creds');
    await clock.advance(600_000);
    expect(get('Secret', 'creds', 'user')).toEqual(pending);
    cluster.failure = undefined;
    await clock.advance(30_000);
    expect(get('Secret', 'creds', 'user')).toEqual(known('alice'));
  });

  it('come further and further apart, and are told once for all objects', async () => {
    cluster.failure = unavailable;
    for (let n = 0; n < 10; n++) own('ConfigMap', 'shop', `m-${String(n)}`);
    await clock.advance(600_000);
    expect(cluster.reads.length).toBeLessThan(10 * 40);
    const told = () => logger.lines.filter(({ level }) => level !== 'debug');
    expect(told().map(({ level }) => level)).toEqual(['warn']);
    cluster.failure = undefined;
    await clock.advance(60_000);
    expect(told().map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('wait as long as the server wishes', async () => {
    cluster.failure = new ApiStatusError(429, 'TooManyRequests', 'slow', { retryAfterMs: 45_000 });
    own('ConfigMap', 'shop', 'x');
    await clock.advance(44_000);
    expect(cluster.reads).toHaveLength(1);
    await clock.advance(2_000);
    expect(cluster.reads).toHaveLength(2);
  });

  it('says which right is lacking, and heals when it is given', async () => {
    cluster.put('configmaps/shop/x', { k: 'v' });
    cluster.failure = new ApiStatusError(403, 'Forbidden', 'no');
    own('ConfigMap', 'shop', 'x');
    await clock.advance(0);
    const x = () => get('ConfigMap', 'x', 'k');
    expect(x()).toEqual(
      missing(
        'ConfigMap shop/x must not be read; needed: verb get on configmaps in namespace shop',
      ),
    );
    cluster.failure = undefined;
    await clock.advance(60_000);
    expect(x()).toEqual(known('v'));
  });
});

it('shows no values in logs, counts or to who looks inside', async () => {
  cluster.put('secrets/shop/creds', { user: base64('canary') });
  own('Secret', 'shop', 'creds');
  await clock.advance(0);
  cluster.failure = new ApiStatusError(403, 'Forbidden', 'no');
  await clock.advance(600_000);
  const shown = [values, logger.lines, values.counts()].map((thing) =>
    inspect(thing, { depth: null, showHidden: true }),
  );
  expect(JSON.stringify(shown)).not.toMatch(/canary|Y2FuYXJ5/);
  expect(get('Secret', 'creds', 'user')).toEqual(known('canary'));
});
