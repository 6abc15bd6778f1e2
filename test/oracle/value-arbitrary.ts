import fc from 'fast-check';
import { pool, scalars, type Values } from './yaml-arbitrary.js';

export const bool = scalars('true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'True');
const line = fc.constantFrom('a', 'b c', ' d', 'e: f', '# g', '- h', '"', "'it''s'", '---', '');
/** Texts over several lines, of which the first says how deep they stand. */
export const texts: Values = fc.record({
  style: fc.oneof(
    { weight: 15, arbitrary: fc.constantFrom('|', '|-', '|  ') },
    { weight: 1, arbitrary: fc.constantFrom('|+', '>', '>-', '|2', '| # why') },
  ),
  lines: fc
    .tuple(
      fc.oneof({ weight: 15, arbitrary: fc.constantFrom('a', '# g', '- h') }, line),
      fc.array(line, { maxLength: 4 }),
    )
    .map(([first, others]) => [first, ...others]),
});
export const text = fc.oneof(
  {
    weight: 15,
    arbitrary: scalars(
      ...['abc', '0777', 'yes', '"say \\"hi\\""', "'it''s'", 'é€😀', '/a/b', '1e3', '~x'],
    ),
  },
  { weight: 1, arbitrary: texts },
);
export const duration = pool(
  ['10s', '1m', '30s', '1m30s', '90s', '15d', '2w', '1y', '0', '0s', '100ms', '5m'],
  ['300y', '1.5h', '1s1m', '-1s', '""'],
);
export const uint = pool(
  ['0', '1', '1000', '1_000', '0777', '0x10', '3.7', '18446744073709551615'],
  ['-1', '99999999999999999999', '"5"', '1s'],
);
export const size = pool(
  ['15MB', '15MiB', '1GB512MB', '1.5KiB', '0', '100B', '-1KB', '7EiB'],
  ['12', '1kB', '8mb', '1MiB1MB'],
);
export const url = pool(
  [
    'http://proxy:3128',
    'http://user:p%20w@proxy:3128/',
    'HTTP://Proxy/a b',
    'socks5://[::1]:1080',
    '""',
    '"http://[fe80::1%25en0]/"',
    'proxy.example',
    '"http://ex%c3%a4mple/%7e/?q#frag é"',
    '"http://é:80/ü?ö=%zz"',
    'mailto:x@y',
    '"//host/%2a"',
    '"http://@h/?"',
  ],
  [
    '"http://a:b:c/"',
    '"http://user@ho st/"',
    '"%zz"',
    '"a:b"',
    '":"',
    '"http://ex%41mple"',
    '"a\\tb"',
  ],
);
export const regex = pool(
  [
    '(.*)',
    '"a.+(b|c)"',
    "'(?P<a>x)(?P<a>y)'",
    '".*;(\\\\d+)"',
    '"a)|(b"',
    '0777',
    'yes',
    '""',
    'a{1000}',
  ],
  ['"(?=a)"', '"["', 'a{1001}', '"(?P<constructor>a)\\\\1"', '"\\\\C"'],
);
export const labelName = pool(
  ['job', '__address__', '__tmp_x', 'ünï.code', '"a b"', '9x', 'no'],
  ['""'],
);
export const labelKeys = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.constantFrom('job', 'env', '"a-b"', 'é', 'yes', '0777', '__proto__'),
  },
  { weight: 1, arbitrary: fc.constantFrom('""', '~', 'null', '[a]', '!!binary aGk=') },
);
export const templates = scalars(
  '$1',
  '${1}',
  'a_$1',
  '${x}_b',
  'job',
  '"$"',
  '"a$$b"',
  '"9$1"',
  '"é"',
  'a-b',
);
