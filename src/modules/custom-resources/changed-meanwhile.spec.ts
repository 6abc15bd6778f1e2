import { expect, it } from 'vitest';
import type { ReferencedValue } from './referenced-values.js';
import { SourceBench } from './testing/source-bench.js';

const password = { namespace: 'shop', name: 'creds', key: 'password' };

it('converts a resource again when a value changes during the conversion that first asked for it', async () => {
  const bench = new SourceBench();
  const { values } = bench;
  let asked = 0;
  const get = values.get.bind(values);
  values.get = (...args): ReferencedValue => {
    const answer = get(...args);
    // Told before the conversion has ended, and so before anybody knows who refers to the object.
    asked += 1;
    if (asked === 1) values.set('Secret', password, 'x');
    return answer;
  };
  bench.put('shop/web', { secret: 'creds' });
  await bench.start();
  await bench.pass();
  expect(bench.jobs).toEqual(['thing/shop/web']);
});
