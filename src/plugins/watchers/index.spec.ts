import { describe, expect, it } from 'vitest';
import { testContext } from '../../../test/fixtures/plugin-context.js';
import type { CustomResource, ResourceSelection, WatcherOptions } from '../../plugin-api/index.js';
import { watchersPlugin } from './index.js';
import { optionsOf } from './testing/conversions.js';

const definitions = watchersPlugin.provides.map(
  (definition) => [definition.name, definition] as const,
);
type Definition = (typeof definitions)[number][1];

function created(definition: Definition, context = testContext()): void {
  definition.create(optionsOf() as never, context); // its type is known to the definition alone
}

function issuesOf(definition: Definition, options: unknown): readonly string[] {
  const result = definition.configSchema?.['~standard'].validate(options);
  if (result === undefined || result instanceof Promise) return ['not checked at once'];
  return (result.issues ?? []).map(({ message }) => message);
}

describe('the watchers', () => {
  it('have the names that the host runs them by', () => {
    expect(definitions.map(([name]) => name)).toEqual([
      'service-monitor',
      'pod-monitor',
      'probe',
      'scrape-config',
    ]);
  });

  it.each(definitions)('give the host the kind of %s, with what is selected', (_, definition) => {
    const asked: [CustomResource, ResourceSelection][] = [];
    const source = { run: () => Promise.resolve() };
    created(definition, {
      ...testContext(),
      customResources: {
        source: (kind, selection) => {
          asked.push([kind, selection]);
          return source;
        },
      },
    });
    expect(asked).toEqual([
      [expect.objectContaining({ group: 'monitoring.coreos.com' }), optionsOf().selection],
    ]);
  });

  it.each(definitions)('say of %s that a host without custom resources cannot run it', (_, one) => {
    expect(() => {
      created(one);
    }).toThrow('TA_CUSTOM_RESOURCES_ABSENT');
  });

  it.each(definitions)('check what an administrator laid down for %s', (_, definition) => {
    const withSpec = (spec: Partial<WatcherOptions['spec']>) =>
      issuesOf(definition, optionsOf(spec));
    expect(withSpec({})).toEqual([]);
    expect(withSpec({ scrapeTimeout: '30s' })).toEqual([]);
    expect(withSpec({ scrapeTimeout: '31s' })).toEqual([
      'scrapeTimeout: 31s is longer than scrapeInterval 30s',
    ]);
    expect(withSpec({ scrapeClasses: [{}] })).toEqual([
      'scrapeClasses[0].name: a scrape class needs a name',
    ]);
    expect(issuesOf(definition, {})).toHaveLength(1);
  });
});
