import { describe, expect, it } from 'vitest';
import { definePlugin, defineStrategy } from '../../../plugin-api/index.js';
import { listPlugins } from './plugin-list.js';

const plugin = definePlugin({
  name: 'zones',
  provides: [
    defineStrategy({
      name: 'zoned',
      stability: 'alpha',
      create: () => ({ prepare: () => () => undefined }),
    }),
  ],
});
const entry = (options: unknown) => ({
  package: './zones',
  options,
  onFailure: 'continue' as const,
});

describe('the list of plugins', () => {
  it('has what is built in, what was loaded, and what was left out with the reason', () => {
    const { plugins } = listPlugins({
      installed: [
        { plugin },
        {
          plugin,
          package: { name: 'ta-zones', version: '1.0.0', directory: '/p' },
          entry: entry({ a: 1 }),
        },
      ],
      failed: [{ entry: entry(undefined), error: new RangeError('no licence') }],
    });
    const provides = ['strategy/zoned'];
    expect(plugins).toEqual([
      {
        name: 'zones',
        version: null,
        built_in: true,
        state: 'loaded',
        provides,
        options: null,
        error: null,
      },
      {
        name: 'ta-zones',
        version: '1.0.0',
        built_in: false,
        state: 'loaded',
        provides,
        options: { a: 1 },
        error: null,
      },
      {
        name: './zones',
        version: null,
        built_in: false,
        state: 'failed',
        provides: [],
        options: null,
        error: 'no licence',
      },
    ]);
  });

  it('masks options whose names tell of secrets', () => {
    const options = { db: { password: 'p', hosts: ['h'], api_key: 5 }, Tokens: ['t'], token: 't' };
    const { plugins } = listPlugins({ installed: [{ plugin, entry: entry(options) }], failed: [] });
    const shown = JSON.stringify(plugins[0]?.options);
    expect(JSON.parse(shown)).toEqual({
      db: { password: '<secret>', hosts: ['h'], api_key: '<secret>' },
      Tokens: ['<secret>'],
      token: '<secret>',
    });
  });
});
