import { describe, expect, it } from 'vitest';
import { SourceBench } from './testing/source-bench.js';

const password = { namespace: 'shop', name: 'creds', key: 'password' };

describe('what resources refer to', () => {
  it('is followed: a changed value makes the resource anew, and no other', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', { secret: 'creds' });
    bench.put('shop/other', {});
    bench.values.set('Secret', password, 'old');
    await bench.start();
    bench.values.set('Secret', password, 'new');
    await bench.pass();
    const config = bench.emissions.at(-1)?.find(({ job_name }) => job_name.endsWith('web'));
    expect(config?.basic_auth?.password?.reveal()).toBe('new');
    expect(bench.conversions).toEqual(['shop/other', 'shop/web', 'shop/web']);
    expect([...bench.values.retained]).toEqual([
      ['Thing/shop/web', [{ kind: 'Secret', namespace: 'shop', name: 'creds' }]],
    ]);
  });

  it('rejects the resource when it is missing, and its last good version stays for a while', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', { secret: 'creds' });
    bench.values.set('Secret', password, 'old');
    await bench.start();
    bench.values.set('Secret', password, undefined);
    await bench.pass();
    expect(bench.statuses.list()[0]).toMatchObject({
      state: 'rejected',
      jobs: ['thing/shop/web'],
    });
    expect(bench.jobs).toEqual(['thing/shop/web']);
    await bench.pass(20_000);
    expect(bench.jobs).toEqual([]);
    expect(bench.statuses.list()[0]).toMatchObject({ state: 'rejected', jobs: [] });
    bench.values.set('Secret', password, 'new');
    await bench.pass();
    expect(bench.jobs).toEqual(['thing/shop/web']);
  });

  it('may be made anew without a gap', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', { secret: 'creds' });
    bench.values.set('Secret', password, 'old');
    await bench.start();
    bench.values.set('Secret', password, undefined);
    await bench.pass(19_000);
    bench.values.set('Secret', password, 'new');
    await bench.pass(60_000);
    expect(bench.emissions.map((configs) => configs.length)).toEqual([1, 1]);
  });

  it('leaves the last version in force while the values of a new one are being read', async () => {
    const bench = new SourceBench();
    bench.put('shop/web', {});
    await bench.start();
    bench.put('shop/web', { secret: 'creds', fields: { metrics_path: '/new' } });
    await bench.pass();
    expect(bench.statuses.list()[0]).toMatchObject({ state: 'pending' });
    expect(bench.emissions.at(-1)?.[0]?.metrics_path).toBe('/metrics');
    bench.values.set('Secret', password, 'x');
    await bench.pass();
    expect(bench.emissions.at(-1)?.[0]?.metrics_path).toBe('/new');
  });
});
