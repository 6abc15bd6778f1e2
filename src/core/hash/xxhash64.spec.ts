import { beforeAll, describe, expect, it, vi } from 'vitest';
import { loadXxhash64, xxhash64 } from './xxhash64.js';

describe('xxhash64', () => {
  beforeAll(async () => {
    await loadXxhash64();
  });

  // Values of github.com/cespare/xxhash/v2 v2.3.0.
  it.each([
    ['', 0xef46db3751d8e999n],
    ['a', 0xd24ec4f1a98c6e5bn],
    ['as', 0x1c330fb2d66be179n],
    ['asdf', 0x415872f599cea71en],
    ['Call me Ishmael. Some years ago--never mind how long precisely-', 0x02a2e85470d6fd96n],
  ])('gives the hash of %j', (text, hash) => {
    expect(xxhash64().ofText(text)).toBe(hash);
    expect(xxhash64().ofBytes(new TextEncoder().encode(text))).toBe(hash);
  });

  it('is refused with its code before it is loaded', async () => {
    vi.resetModules();
    const fresh = await import('./xxhash64.js');
    expect(() => fresh.xxhash64()).toThrow('TA_XXHASH64_NOT_LOADED');
    const first = await fresh.loadXxhash64();
    expect(await fresh.loadXxhash64()).toBe(first);
    expect(fresh.xxhash64()).toBe(first);
  });
});
