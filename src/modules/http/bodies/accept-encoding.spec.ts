import { describe, expect, it } from 'vitest';
import { chooseEncoding } from './accept-encoding.js';

describe('the encoding of an answer', () => {
  it.each([
    ['gzip', 'gzip'],
    ['gzip, deflate', 'gzip'],
    ['gzip, br', 'br'],
    ['br;q=0.5, gzip', 'gzip'],
    ['GZIP', 'gzip'],
    ['x-gzip', 'gzip'],
    ['gzip; q=0.1', 'gzip'],
    ['*', 'br'],
    ['*;q=0.1, br;q=0', 'gzip'],
    ['gzip;q=0.5, identity', 'identity'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=2', 'identity'],
    ['gzip;q=abc', 'identity'],
    ['identity', 'identity'],
    ['identity;q=0', 'identity'],
    ['deflate, zstd', 'identity'],
    ['', 'identity'],
    [',,;q=1', 'identity'],
  ])('for Accept-Encoding %j is %s', (header, encoding) => {
    expect(chooseEncoding(header)).toBe(encoding);
  });

  it('is none for a client that does not say', () => {
    expect(chooseEncoding(undefined)).toBe('identity');
  });
});
