import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import type { Collector } from '../../../plugin-api/index.js';
import { staticCollectors } from './static-collectors.js';

async function validated(value: unknown) {
  return staticCollectors.configSchema?.['~standard'].validate(value);
}

function keyText(key: PropertyKey | { readonly key: PropertyKey }): string {
  return (typeof key === 'object' ? key.key : key).toString();
}

describe('collector source static', () => {
  it('tells its list once and stays until it is stopped', async () => {
    const collectors = [{ name: 'a', node: 'n' }, { name: 'b' }];
    const emitted: (readonly Collector[])[] = [];
    const stop = new AbortController();
    const source = staticCollectors.create({ collectors }, testContext());
    const ended = source.run((list) => emitted.push(list), stop.signal);
    expect(emitted).toEqual([collectors]);
    stop.abort();
    await ended;
    expect(emitted).toHaveLength(1);
  });

  it('takes names with nodes and labels', async () => {
    const options = JSON.parse(
      '{"collectors":[{"name":"a","node":"n","labels":{"__proto__":"x"}},{"name":"b","node":null}]}',
    ) as unknown;
    const result = await validated(options);
    if (result?.issues !== undefined) throw new Error('refused');
    const [a, b] = result?.value.collectors ?? [];
    expect([a?.name, a?.node, Object.entries(a?.labels ?? {})]).toEqual([
      'a',
      'n',
      [['__proto__', 'x']],
    ]);
    expect(b).toEqual({ name: 'b' });
  });

  it('refuses what is no list of collectors, with the path of each problem', async () => {
    const collectors = [
      { name: 'a' },
      { name: 'a' },
      { node: 5, labels: { x: 1 } },
      'c',
      { name: '', zone: 'z' },
    ];
    const result = await validated({ collectors });
    expect(
      result?.issues?.map(({ path, message }) => [path?.map(keyText).join('.'), message]),
    ).toEqual([
      ['collectors.1.name', 'there is another a'],
      ['collectors.2.name', 'must be a text that is not empty'],
      ['collectors.2.node', 'must be a text'],
      ['collectors.2.labels.x', 'must be a text'],
      ['collectors.3', 'must be a mapping with name, node, labels'],
      ['collectors.3.name', 'must be a text that is not empty'],
      ['collectors.4.zone', 'unknown key; there are name, node, labels'],
      ['collectors.4.name', 'must be a text that is not empty'],
    ]);
    expect((await validated({}))?.issues?.map(({ message }) => message)).toEqual([
      'must be a list',
    ]);
    expect((await validated('text'))?.issues).toBeDefined();
  });
});
