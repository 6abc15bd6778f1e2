import { describe, expect, it } from 'vitest';
import type { CustomResource } from '../../core/custom-resource/conversion.js';
import { labelSetOf } from '../../core/labels/label-set.js';
import type { TargetGroup } from '../../core/target/target-group.js';
import {
  defineCollectorSource,
  defineScrapeConfigSource,
  defineServiceDiscovery,
} from '../define.js';
import { refreshSource } from '../refresh.js';
import { untilAborted } from '../until-aborted.js';
import { failuresOf } from './failures-of.js';
import {
  collectorsContract,
  discoveryContract,
  FakeCluster,
  fakeContext,
  fakeCustomResources,
  fakeHttpClient,
  scrapeConfigsContract,
} from './index.js';

const runner = { describe, it };
const http = { follow_redirects: true, enable_http2: true };

/** Asks a server for a list of addresses. */
const lists = defineServiceDiscovery<{ readonly url: string }>({
  name: 'lists',
  stability: 'alpha',
  create: ({ url }, context) => {
    const client = context.httpClient(http);
    return refreshSource({
      mechanism: 'lists',
      intervalMs: 60_000,
      context,
      refresh: async (signal): Promise<readonly TargetGroup[]> => {
        const { body } = await client.request(url, { signal, maxBodyBytes: 1_000 });
        const addresses = new TextDecoder().decode(body).split(' ');
        return addresses.map((address) => ({
          source: address,
          labels: labelSetOf([]),
          targets: [labelSetOf([['__address__', address]])],
        }));
      },
    });
  },
});
const openLists = () => {
  let body = 'a:1 b:1';
  const context = fakeContext(() => fakeHttpClient(() => ({ body })));
  const removeSomething = (): void => {
    body = 'a:1';
  };
  return { config: { url: 'http://lists' }, context, removeSomething };
};

discoveryContract(runner, lists, {
  open: openLists,
  tells: ['b:1', 'a:1'],
  tellsAfterRemoval: ['a:1'],
});

describe('the contract of discovery definitions', () => {
  it('says of one that lacks targets and of one that keeps them which law is broken', async () => {
    const failures = await failuresOf((recorder) => {
      discoveryContract(recorder, lists, { open: openLists, tells: ['a:1'] });
    });
    expect(failures).toEqual(['tells everything at first']);
    const keeping = await failuresOf((recorder) => {
      discoveryContract(recorder, lists, {
        open: openLists,
        tells: ['a:1', 'b:1'],
        tellsAfterRemoval: [],
      });
    });
    expect(keeping).toEqual(['shows what has gone']);
  });
});

/** Pods as collectors. */
const pods = defineCollectorSource<undefined>({
  name: 'pods',
  stability: 'alpha',
  create: (_config, { kubernetes }) => ({
    run: async (emit, signal) => {
      const informer = kubernetes?.informer({
        ...{ group: '', version: 'v1', plural: 'pods', shape: 'name' },
        slim: (pod) => ({ name: (pod as { metadata: { name: string } }).metadata.name }),
      });
      if (informer === undefined) return;
      const tell = (): void => {
        emit([...informer.list()]);
      };
      const stop = informer.onChange(tell);
      try {
        await informer.synced(signal);
        tell();
        await untilAborted(signal);
      } catch {
        // Stopped before the first list.
      } finally {
        stop();
        informer.close();
      }
    },
  }),
});
collectorsContract(runner, pods, {
  open: () => {
    const cluster = new FakeCluster();
    for (const name of ['one', 'two']) {
      cluster.put('pods', { metadata: { namespace: 'n', name } });
    }
    cluster.sync();
    const removeSomething = (): void => {
      cluster.delete('pods', 'n/two');
    };
    return {
      config: undefined,
      context: { ...fakeContext(), kubernetes: cluster },
      removeSomething,
    };
  },
  tells: ['one', 'two'],
  tellsAfterRemoval: ['one'],
});

const check: CustomResource = {
  ...{ group: 'example.org', version: 'v1', plural: 'checks', kind: 'Check' },
  convert: ({ metadata, spec }) =>
    typeof spec === 'object' && spec !== null && 'interval' in spec
      ? {
          configs: [{ job_name: `check/${metadata.name}`, scrape_interval: spec.interval }],
          rejected: [],
        }
      : { configs: [], rejected: ['spec.interval: missing'] },
};
const everything = { matchLabels: {}, matchExpressions: [] };
const checks = defineScrapeConfigSource<undefined>({
  name: 'checks',
  stability: 'alpha',
  create: (_config, { customResources }) => {
    if (customResources === undefined) throw new RangeError('no custom resources here');
    return customResources.source(check, {
      selector: { matchLabels: { team: 'web' }, matchExpressions: [] },
      namespaceSelector: everything,
      allowNamespaces: [],
      denyNamespaces: ['hidden'],
    });
  },
});
scrapeConfigsContract(runner, checks, {
  open: () => {
    const cluster = new FakeCluster();
    const put = (name: string, spec: object, namespace = 'shop', team = 'web'): void => {
      cluster.put('checks', { metadata: { namespace, name, labels: { team } }, spec });
    };
    put('a', { interval: '30s' });
    put('b', { interval: '1m' });
    put('rejected', {});
    put('unreadable', { interval: 'soon' });
    put('not-selected', { interval: '30s' }, 'shop', 'other');
    put('not-looked-at', { interval: '30s' }, 'hidden');
    cluster.sync();
    const removeSomething = (): void => {
      cluster.delete('checks', 'shop/b');
    };
    const customResources = fakeCustomResources(cluster);
    return { config: undefined, context: { ...fakeContext(), customResources }, removeSomething };
  },
  tells: ['check/a', 'check/b'],
  tellsAfterRemoval: ['check/a'],
});
