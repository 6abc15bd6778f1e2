import fc from 'fast-check';

/** A request as bytes, and what it must come to. */
export interface HostileRequest {
  readonly method: string;
  readonly bytes: Buffer;
  /** Where it ends is a matter of opinion: it must be refused, and nothing behind it be taken for a request. */
  readonly isAmbiguous: boolean;
}

/** Names of jobs as tenants choose them. */
export const hostileJobs = [
  'a/b',
  '..',
  '../../etc/passwd',
  '%2f',
  '__proto__',
  'constructor',
  'a b+c',
  'münchen ☃ 日本',
  'a?b#c&d=e',
  '<script>alert(1)</script>',
  '"quoted": {x: 1}',
] as const;

const everyByte = (text: string): string =>
  Buffer.from(text).toString('hex').replaceAll(/../g, '%$&');
const encoders: readonly ((text: string) => string)[] = [
  encodeURIComponent,
  everyByte,
  (text) => encodeURIComponent(encodeURIComponent(text)),
  (text) => encodeURIComponent(text).toLowerCase(),
  (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  // As bytes on the wire, whatever they are.
  (text) => Buffer.from(text).toString('latin1'),
];

const oddSegments = [
  ...[
    '%00',
    '..%2f',
    '..%2f..%2f..%2fetc%2fpasswd',
    '%2e%2e',
    '..%5c',
    '%c0%af',
    '%ff',
    '%',
    '%zz',
  ],
  ...[
    '%u002f',
    '.',
    '..;',
    '*',
    '',
    ' ',
    '\t',
    '\0',
    '\x7f',
    '\xa0',
    '%0d%0aX-Injected: 1',
    '~root',
  ],
  ...['.git', 'package.json', 'proc', 'self', 'environ', 'main.js', 'x'.repeat(9_000)],
];
const segment = fc.oneof(
  fc.constantFrom(...oddSegments),
  fc
    .tuple(fc.constantFrom(...hostileJobs), fc.constantFrom(...encoders))
    .map(([job, encode]) => encode(job)),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }).map((text) => text.replaceAll(/[\r\n]/g, '')),
);

const routes = [
  ...[
    '/scrape_configs',
    '/jobs',
    '/jobs/a/targets',
    '/metrics',
    '/livez',
    '/readyz',
    '/',
    '/ui/app.css',
  ],
  ...['/debug/job', '/debug/target', '/debug/collector', '/api/v1/status', '/api/v1/targets'],
];
const path = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...routes) },
  { weight: 4, arbitrary: segment.map((job) => `/jobs/${job}/targets`) },
  { weight: 2, arbitrary: fc.array(segment, { maxLength: 5 }).map((all) => `/${all.join('/')}`) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('/ui/', '/jobs/', '/debug/', '//', '/scrape_configs/', '/metrics/'),
        segment,
      )
      .map((parts) => parts.join('')),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...['*', 'http://evil.example/jobs', '//evil.example/jobs', 'evil.example:443', 'jobs', ''],
      ...['file:///etc/passwd', '/scrape_configs#a', `/${'a/'.repeat(5_000)}`, '/SCRAPE_CONFIGS'],
    ),
  },
);
const query = fc.oneof(
  { weight: 4, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: segment.map((value) => `?collector_id=${value}`) },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.tuple(fc.constantFrom('collector_id', 'job_id', '__proto__', 'page', 'limit'), segment),
      )
      .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`),
  },
);

const method = fc.oneof(
  { weight: 6, arbitrary: fc.constant('GET') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      ...['HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'CONNECT', 'PROPFIND'],
      ...['get', 'PRI', 'FOO', 'G\0T', ''],
    ),
  },
);
const version = fc.oneof(
  { weight: 9, arbitrary: fc.constant('HTTP/1.1') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('HTTP/1.0', 'HTTP/0.9', 'HTTP/2.0', 'HTTP/1.11', 'HTTQ/1.1'),
  },
);

const harmlessHeader = fc.oneof(
  fc.constantFrom(
    ...[
      'Accept: text/html',
      'Accept: */*',
      'Accept-Encoding: gzip',
      'Accept-Encoding: br;q=2, *;q=x',
    ],
    ...[
      'Accept-Encoding: identity;q=0, *;q=0',
      'If-None-Match: *',
      'If-None-Match: W/"a", "',
      'Range: bytes=0-0',
    ],
    ...[
      'Connection: close',
      'Connection: keep-alive, upgrade',
      'X-Forwarded-For: 1.2.3.4',
      'Cookie: a=b',
    ],
    ...[
      'Content-Type: application/json',
      'Content-Type: \xff/\xfe;;;',
      'X-HTTP-Method-Override: DELETE',
    ],
    ...[
      'Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ',
      'Upgrade: websocket\r\nSec-WebSocket-Key: AA==',
    ],
    ...[
      'Expect: 100-continue',
      'Expect: the-best',
      'Host: a\r\nHost: b',
      '__proto__: x',
      'constructor: x',
    ],
  ),
  fc.nat({ max: 64 }).map((kib) => `X-Long: ${'x'.repeat(kib * 1024)}`),
  fc.nat({ max: 3_000 }).map((count) => 'A: b\r\n'.repeat(count) + 'A: b'),
);
/** What Node's parser refuses, and any other might read in another way. */
const brokenHeader = fc.constantFrom(
  ...[
    'Content-Length : 3',
    'Transfer-Encoding : chunked',
    ' folded: x',
    'X: a\0b',
    'no colon',
    ': x',
  ],
);

/** Framings that two readers read differently. */
const smuggling = [
  'Content-Length: 4\r\nTransfer-Encoding: chunked',
  'Transfer-Encoding: chunked\r\nContent-Length: 4',
  'Content-Length: 0\r\nContent-Length: 44',
  'Content-Length: 44\r\nContent-Length: 44',
  'Content-Length: 0, 44',
  'Content-Length: +4',
  'Content-Length: -1',
  'Content-Length: 0x4',
  'Content-Length: 4 4',
  'Content-Length: 18446744073709551617',
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
  'Transfer-Encoding: \x0bchunked',
  'Transfer-Encoding:\r\n chunked\r\nContent-Length: 4',
  'Transfer-Encoding : chunked',
];

interface Framing {
  readonly header: string;
  readonly body: string;
  readonly isAmbiguous: boolean;
}

const framing: fc.Arbitrary<Framing> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ header: '', body: '', isAmbiguous: false }) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 50 }).map((body) => ({
      header: `Content-Length: ${String(body.length)}`,
      body,
      isAmbiguous: false,
    })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        ...[
          '0\r\n\r\n',
          '3\r\nabc\r\n0\r\n\r\n',
          '3;a=b\r\nabc\r\n0\r\nT: x\r\n\r\n',
          'zz\r\n',
          '-1\r\n',
        ],
        ...[
          'ffffffffffffffff1\r\n',
          '3\r\nabcdef\r\n',
          '3\nabc\n0\n\n',
          `0;${'x'.repeat(20_000)}\r\n\r\n`,
          '1',
        ],
      )
      .map((body) => ({ header: 'Transfer-Encoding: chunked', body, isAmbiguous: false })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...smuggling).map((header) => ({
      header,
      body: '0\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n',
      isAmbiguous: true,
    })),
  },
);

/** Requests as nobody's client writes them, and some as anybody's does. */
export const hostileRequest: fc.Arbitrary<HostileRequest> = fc
  .record({
    method,
    target: fc.tuple(path, query).map((parts) => parts.join('')),
    version,
    host: fc.constantFrom('Host: a', 'Host: a', 'Host: a', 'Host: ', ''),
    headers: fc.array(fc.oneof({ weight: 9, arbitrary: harmlessHeader }, brokenHeader), {
      maxLength: 3,
    }),
    framing,
  })
  .map(({ method, target, version, host, headers, framing: { header, body, isAmbiguous } }) => {
    const lines = [host, ...headers, header].filter((line) => line !== '');
    const head = [`${method} ${target} ${version}`, ...lines].join('\r\n');
    return { method, bytes: Buffer.from(`${head}\r\n\r\n${body}`, 'latin1'), isAmbiguous };
  });

/** Bytes that are no request at all. */
export const noRequest: fc.Arbitrary<HostileRequest> = fc
  .oneof(
    fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
        '\x16\x03\x01\x02\x00\x01',
        '\r\n\r\n\r\n',
        'GET /jobs\r\n',
      )
      .map((text) => Buffer.from(text, 'latin1')),
  )
  .map((bytes) => ({ method: '', bytes, isAmbiguous: false }));
