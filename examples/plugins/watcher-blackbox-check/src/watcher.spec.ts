import {
  FakeCluster,
  fakeContext,
  fakeCustomResources,
  sourceContract,
} from 'target-allocator/testing';
import type { ScrapeConfig } from 'target-allocator/plugin-api';
import { describe, expect, it } from 'vitest';
import { optionsSchema } from './options.js';
import { blackboxCheckWatcher, NoClusterError } from './watcher.js';

const everything = { matchLabels: {}, matchExpressions: [] };
const defaults = {
  selection: {
    selector: everything,
    namespaceSelector: everything,
    allowNamespaces: [],
    denyNamespaces: [],
  },
};
const spec = { prober: 'blackbox:9115', module: 'http_2xx', targets: ['https://shop'] };

sourceContract<readonly ScrapeConfig[]>(
  { describe, it, expect },
  {
    name: 'blackbox-check',
    open: () => {
      const cluster = new FakeCluster();
      for (const name of ['a', 'b']) {
        cluster.put('blackboxchecks', { metadata: { namespace: 'shop', name }, spec });
      }
      cluster.sync();
      const context = { ...fakeContext(), customResources: fakeCustomResources(cluster) };
      return {
        source: blackboxCheckWatcher.create(defaults, context),
        removeSomething: () => {
          cluster.delete('blackboxchecks', 'shop/b');
        },
        proceed: () => context.clock.advance(1_000),
        pendingTimers: () => context.clock.pendingTimers,
        close: () => {
          expect(cluster.opened.size).toBe(0);
        },
      };
    },
    isComplete: (jobs) => jobs.length === 2,
    showsRemoval: (emissions) => emissions.at(-1)?.length === 1,
  },
);

describe('the watcher of BlackboxChecks', () => {
  it('says what it lacks outside of a cluster', () => {
    expect(() => blackboxCheckWatcher.create(defaults, fakeContext())).toThrow(NoClusterError);
  });
});

describe('the options', () => {
  const validate = optionsSchema['~standard'].validate;

  it.each([undefined, null, {}, { selector: {} }])('select everything with %j', (written) => {
    expect(validate(written)).toEqual({ value: defaults });
  });

  it('are taken as they are written', () => {
    const selector = {
      matchLabels: { team: 'shop' },
      matchExpressions: [{ key: 'tier', operator: 'In', values: ['gold'] }],
    };
    const written = {
      selector,
      namespace_selector: { matchExpressions: [{ key: 'canary', operator: 'DoesNotExist' }] },
      deny_namespaces: ['kube-system'],
    };
    expect(validate(written)).toEqual({
      value: {
        selection: {
          selector,
          namespaceSelector: {
            matchLabels: {},
            matchExpressions: [{ key: 'canary', operator: 'DoesNotExist', values: [] }],
          },
          allowNamespaces: [],
          denyNamespaces: ['kube-system'],
        },
      },
    });
  });

  const expression = (values: object) => ({ selector: { matchExpressions: [values] } });
  it.each([
    [['interval'], { interval: '30s' }],
    [['selector'], { selector: [] }],
    [['selector', 'labels'], { selector: { labels: {} } }],
    [['selector', 'matchLabels', 'a'], { selector: { matchLabels: { a: 1 } } }],
    [['selector', 'matchExpressions', 0, 'operator'], expression({ key: 'a', operator: 'Is' })],
    [['selector', 'matchExpressions', 0, 'values'], expression({ key: 'a', operator: 'In' })],
    [['selector', 'matchExpressions', 0, 'key'], expression({ operator: 'Exists' })],
    [['deny_namespaces'], { allow_namespaces: ['a'], deny_namespaces: ['b'] }],
    [['allow_namespaces'], { allow_namespaces: 'a' }],
  ])('are refused with the key %j that is wrong', (path, written) => {
    expect(validate(written)).toMatchObject({ issues: [{ path }] });
  });
});
