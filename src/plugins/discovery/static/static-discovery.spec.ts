import { describe, expect, it } from 'vitest';
import { testContext } from '../../../../test/fixtures/plugin-context.js';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { staticDiscovery } from './static-discovery.js';

describe('static discovery', () => {
  it('emits one group for each entry, named by its place, and ends with the signal', async () => {
    const emitted: (readonly TargetGroup[])[] = [];
    const stop = new AbortController();
    const labels = JSON.parse('{"__proto__":"p","team":"a"}') as Record<string, string>;
    const source = staticDiscovery.create(
      [{ targets: ['a:1', 'a:2'], labels }, { targets: ['b:1'] }],
      testContext(),
    );
    const done = source.run((groups) => emitted.push(groups), stop.signal);
    stop.abort();
    await done;
    expect(emitted).toHaveLength(1);
    expect(emitted[0]?.map(({ source: name, targets }) => [name, targets.length])).toEqual([
      ['0', 2],
      ['1', 1],
    ]);
    expect(Object.entries(emitted[0]?.[0]?.labels ?? {})).toEqual([
      ['__proto__', 'p'],
      ['team', 'a'],
    ]);
    expect(emitted[0]?.[0]?.targets[1]?.['__address__']).toBe('a:2');
  });
});
