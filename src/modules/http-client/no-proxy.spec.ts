import { describe, expect, it } from 'vitest';
import { noProxyMatcher } from './no-proxy.js';

describe('no_proxy', () => {
  it.each([
    ['foo.com', 'foo.com', '80', true],
    ['foo.com', 'bar.foo.com', '80', true],
    ['foo.com', 'barfoo.com', '80', false],
    ['.foo.com', 'foo.com', '80', false],
    ['.foo.com', 'bar.foo.com', '80', true],
    ['*.foo.com', 'bar.foo.com', '80', true],
    ['*.foo.com', 'foo.com', '80', false],
    ['FOO.com', 'foo.COM', '80', true],
    ['foo.com:8080', 'foo.com', '8080', true],
    ['foo.com:8080', 'foo.com', '80', false],
    ['a.com, b.com ,,c.com', 'b.com', '80', true],
    ['10.0.0.1', '10.0.0.1', '80', true],
    ['10.0.0.1:81', '10.0.0.1', '80', false],
    ['10.0.0.0/8', '10.9.9.9', '80', true],
    ['10.0.0.0/8', '11.0.0.1', '80', false],
    ['10.0.0.0/99', '10.0.0.1', '80', false],
    ['fd00::/8', '[fd00::1]', '80', true],
    ['[fd00::1]:80', '[fd00::1]', '80', true],
    ['[fd00::1]:80', '[fd00::1]', '81', false],
    ['fd00::1', '[fd00::1]', '81', true],
    ['*', 'anything', '1', true],
    ['', 'localhost', '80', true],
    ['', '127.0.0.9', '80', true],
    ['', '[::1]', '80', true],
    ['', 'foo.com', '80', false],
    [':80', 'foo.com', '80', false],
  ])('%j exempts %s:%s — %s', (list, host, port, expected) => {
    expect(noProxyMatcher(list)(host, port)).toBe(expected);
  });
});
