import { describe, expect, it } from 'vitest';
import {
  definePlugin,
  defineServiceDiscovery,
  defineStrategy,
  type StandardSchema,
} from '../../plugin-api/index.js';
import { checkPluginOptions, optionsByDefinition } from './plugin-options.js';

const wantsZone: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      JSON.stringify(value) === '{"zone":"a"}'
        ? { value }
        : { issues: [{ message: 'must be a', path: ['zone'] }] },
  },
};
const strategy = (name: string) =>
  defineStrategy({
    name,
    stability: 'alpha',
    configSchema: wantsZone,
    create: () => ({ prepare: () => () => undefined }),
  });
const discovery = defineServiceDiscovery({
  name: 'sql',
  stability: 'alpha',
  configSchema: wantsZone,
  create: () => ({ run: () => Promise.resolve() }),
});
const one = definePlugin({ name: 'one', provides: [discovery, strategy('x')] });
const two = definePlugin({ name: 'two', provides: [strategy('x'), strategy('y')] });

describe('options of a plugin', () => {
  it('are those of its only definition that takes any', async () => {
    expect([...optionsByDefinition(one, { zone: 'a' })]).toEqual([['strategy/x', { zone: 'a' }]]);
    expect(await checkPluginOptions(one, { zone: 'a' })).toEqual([]);
    expect(await checkPluginOptions(one, { zone: 'b' })).toEqual([
      { message: 'must be a', path: ['zone'] },
    ]);
  });

  it('stand under the names of its definitions when there are several', async () => {
    const options = { 'strategy/x': { zone: 'a' }, 'strategy/y': { zone: 'a' } };
    expect(optionsByDefinition(two, options).get('strategy/y')).toEqual({ zone: 'a' });
    expect(await checkPluginOptions(two, options)).toEqual([]);
    expect(await checkPluginOptions(two, { 'strategy/x': { zone: 'a' }, z: 1 })).toEqual([
      { message: 'unknown key; there are strategy/x, strategy/y', path: ['z'] },
      { message: 'must be a', path: ['strategy/y', 'zone'] },
    ]);
  });

  it('are refused where nothing takes any', async () => {
    const none = definePlugin({ name: 'none', provides: [discovery] });
    expect(await checkPluginOptions(none, undefined)).toEqual([]);
    expect(await checkPluginOptions(none, 5)).toEqual([
      { message: 'must be a mapping; this plugin takes no options here' },
    ]);
  });
});
