import type { ResourceObject } from 'target-allocator/plugin-api';
import {
  customResourceContract,
  FakeCluster,
  fakeContext,
  fakeCustomResources,
  scrapeConfigsContract,
} from 'target-allocator/testing';
import { describe, it } from 'vitest';
import { myNameWatcher, myNameResource } from './index.js';

const resource = (name: string, spec: unknown): ResourceObject => ({
  apiVersion: 'example.org/v1',
  kind: 'MyName',
  metadata: {
    ...{ namespace: 'shop', name, uid: name, resourceVersion: '1' },
    labels: {},
    annotations: {},
  },
  spec,
});
const noReferences = (): never => {
  throw new Error('this kind refers to nothing');
};

// The laws that every kind of custom resource keeps.
customResourceContract({ describe, it }, myNameResource, {
  good: [
    resource('a', { targets: ['a:1'] }),
    resource('b', { targets: ['b:1', 'b:2'], path: '/m' }),
  ],
  bad: [resource('no-targets', {}), resource('no-list', { targets: 'a:1' })],
  lookup: { secret: noReferences, configMap: noReferences },
});

// The laws that every source of scrape configs keeps.
scrapeConfigsContract({ describe, it }, myNameWatcher, {
  open: () => {
    const cluster = new FakeCluster();
    for (const name of ['a', 'b']) {
      cluster.put('mynames', {
        metadata: { namespace: 'shop', name },
        spec: { targets: [`${name}:1`] },
      });
    }
    cluster.sync();
    return {
      config: undefined,
      context: { ...fakeContext(), customResources: fakeCustomResources(cluster) },
      removeSomething: () => {
        cluster.delete('mynames', 'shop/b');
      },
    };
  },
  tells: ['my-name/shop/a', 'my-name/shop/b'],
  tellsAfterRemoval: ['my-name/shop/a'],
});
