import { expect, it } from 'vitest';
import {
  definePlugin,
  defineServiceDiscovery,
  type StandardSchema,
} from '../../plugin-api/index.js';
import { mechanismsOf } from './mechanisms.js';
import { PluginRegistry } from './plugin-registry.js';

it.each([
  [
    'throws',
    () => {
      throw new Error('no such zone');
    },
    'no such zone',
  ],
  ['gives nothing', () => undefined, 'undefined'],
])('a schema that %s refuses what it was asked about, and says so', (_, validate, reason) => {
  // What a type checker would have refused.
  const standard: unknown = { version: 1, vendor: 'x', validate };
  const configSchema = { '~standard': standard } as StandardSchema;
  const discovery = defineServiceDiscovery({
    name: 'sql',
    stability: 'alpha',
    configSchema,
    create: () => ({ run: () => Promise.resolve() }),
  });
  const plugin = definePlugin({ name: 'ta-plugin-sql', provides: [discovery] });
  const decode = mechanismsOf(new PluginRegistry([{ plugin }])).get('sql');
  expect(decode?.({})).toEqual({
    issues: [
      {
        message: expect.stringMatching(`the plugin's schema failed: .*${reason}`) as unknown,
        path: [],
      },
    ],
  });
});
