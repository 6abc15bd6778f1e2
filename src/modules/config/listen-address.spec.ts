import { describe, expect, it } from 'vitest';

import { parseListenAddress, urlOf } from './listen-address.js';

describe('parseListenAddress', () => {
  it.each([
    [':8080', undefined, 8080],
    ['0.0.0.0:80', '0.0.0.0', 80],
    ['localhost:0', 'localhost', 0],
    ['[::1]:8443', '::1', 8443],
    ['[::]:8443', '::', 8443],
    ['[fe80::1%eth0]:1', 'fe80::1%eth0', 1],
  ])('takes %s as Go does', (text, host, port) => {
    expect(parseListenAddress(text)).toEqual({ host, port });
  });

  it.each([
    '',
    '8080',
    ':',
    'localhost',
    '::1:80',
    ':65536',
    ':-1',
    ':http ',
    'a:b:1',
    '[::1]',
    'http://a:1',
  ])('refuses %j', (text) => {
    expect(parseListenAddress(text)).toBeUndefined();
  });
});

describe('urlOf', () => {
  it('gives something that can be opened', () => {
    expect(urlOf({ host: undefined, port: 8080 }, 'http')).toBe('http://localhost:8080');
    expect(urlOf({ host: '::1', port: 1 }, 'https')).toBe('https://[::1]:1');
  });
});
