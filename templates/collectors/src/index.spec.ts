import { collectorsContract, fakeContext, fakeHttpClient } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { myNameCollectors, optionsSchema } from './index.js';

// The laws that every source of collectors keeps.
collectorsContract({ describe, it }, myNameCollectors, {
  open: () => {
    let names = ['collector-0', 'collector-1'];
    return {
      config: { url: 'http://fleet' },
      context: fakeContext(() => fakeHttpClient(() => ({ body: JSON.stringify(names) }))),
      removeSomething: () => {
        names = ['collector-0'];
      },
    };
  },
  tells: ['collector-0', 'collector-1'],
  tellsAfterRemoval: ['collector-0'],
});

describe('the options', () => {
  it('are refused with the key that is wrong', async () => {
    expect(await optionsSchema['~standard'].validate({})).toMatchObject({
      issues: [{ path: ['url'] }],
    });
  });
});
