import { discoveryContract, fakeContext, fakeHttpClient } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { configSchema, myNameDiscovery } from './index.js';

const config = { url: 'http://inventory', refresh_interval: '30s' };

// The laws that every discovery mechanism keeps.
discoveryContract({ describe, it }, myNameDiscovery, {
  open: () => {
    let services: object = { shop: ['10.0.0.1:80', '10.0.0.2:80'], cart: ['10.0.0.3:80'] };
    return {
      config,
      context: fakeContext(() => fakeHttpClient(() => ({ body: JSON.stringify(services) }))),
      removeSomething: () => {
        services = { shop: ['10.0.0.1:80'] };
      },
    };
  },
  tells: ['10.0.0.1:80', '10.0.0.2:80', '10.0.0.3:80'],
  tellsAfterRemoval: ['10.0.0.1:80'],
});

describe('the configuration', () => {
  it('has defaults', async () => {
    const { url } = config;
    expect(await configSchema['~standard'].validate({ url })).toEqual({
      value: { url, refresh_interval: '1m' },
    });
  });

  it('is refused with the key that is wrong', async () => {
    expect(await configSchema['~standard'].validate({ url: 'x' })).toMatchObject({
      issues: [{ path: ['url'] }],
    });
  });
});
