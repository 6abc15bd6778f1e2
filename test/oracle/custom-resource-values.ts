import fc from 'fast-check';

/** What fits a field and what its kind of field must refuse. */
export interface Pool {
  readonly fitting: readonly string[];
  readonly wrong: readonly string[];
}

const pool = (fitting: readonly string[], wrong: readonly string[] = []): Pool => ({
  fitting,
  wrong,
});

const texts = pool(
  ['abc', 'a b', 'yes', '0777', '1e3', '~x', "it's", '"q"', 'é€😀', 'a: b', '{x}', '$1', '%'],
  ['', '\u00a0', 'line\nline'],
);
const names = pool(['web', 'metrics', 'http-2', 'a.b', '8080', 'yes', 'a_b/c', 'é'], ['']);
const durations = pool(
  ['10s', '1m', '30s', '1m30s', '90s', '15d', '1y', '100ms', '5m'],
  ['', '-1s', '1.5h', '1s1m', '300y', '0', '5', 'abc'],
);
const httpUrls = pool(
  [
    'http://host:80/path',
    'https://user:pass@host/?q=1#f',
    'https://[::1]:8443',
    'http://ex%c3%a4mple/%7e',
    'HTTPS://Host/a b',
  ],
  ['', 'host', '://', 'http://', 'http://h:x/', '%zz', 'ftp://host', 'http://a b/', 'mailto:a@b'],
);
const labelNames = pool(
  ['app', 'job', '__tmp_x', '__address__', 'ünï.code', 'a b', '9x', 'no', 'app.kubernetes.io/name'],
  [''],
);

/** Pools by the names of fields: `[]` ends the name of a list, `{}` that of a map. */
const pools: Readonly<Record<string, Pool>> = {
  serverName: pool(['db.example', '10.0.0.1'], ['']),
  apiServer: httpUrls,
  apiURL: httpUrls,
  bearerTokenFile: pool(['/var/run/token', 'yes'], ['']),
  bodySizeLimit: pool(
    ['0', '15MB', '15MiB', '1GB', '1.5KiB', '100B', '7EiB'],
    ['', '12', '1kB', '-1KB', 'x', '10MBB', '0.5.1B'],
  ),
  enforcedBodySizeLimit: pool(['0', '10MB', '1GiB', '12B'], []),
  field: pool(['metadata.name=a', 'status.phase!=Running,spec.nodeName=x'], ['a', '=,', '']),
  'files[]': pool(['/a/b.json', '/a/*.yml', 'c.YAML'], ['/a/b.txt', '*/a.json', '']),
  host: pool(['unix:///var/run/docker.sock', 'tcp://h:2375'], ['', 'h', '%zz', 'http://h:x/']),
  hostNetworkingHost: pool(['localhost', '10.0.0.1'], ['']),
  identityEndpoint: httpUrls,
  label: pool(['app=web', 'a in (b,c),!d', 'x!=y'], ['a in', '=,=', 'a=b=c']),
  labelSelector: pool(['app=web', 'env'], ['']),
  jobLabel: labelNames,
  'matchNames[]': pool(['shop', 'team-a', 'default'], ['']),
  metricsPath: pool(['/metrics', '/a?b=c', 'metrics', '/é'], ['']),
  path: pool(['/metrics', '/a?b=c', 'metrics', '/é', '%zz'], ['']),
  pathPrefix: pool(['/consul'], ['']),
  'podTargetLabels[]': labelNames,
  'targetLabels[]': labelNames,
  proxyUrl: pool(
    ['http://proxy:3128', 'http://user:p%20w@proxy:3128/', 'socks5://[::1]:1080'],
    ['', 'http://a:b:c/', '%zz', ':', 'http://user@ho st/'],
  ),
  refreshInterval: pool(['30s', '1m', '5m', '1h'], ['', '1x', '0s', '-1s', '0']),
  fetchTimeout: durations,
  server: httpUrls,
  'static[]': pool(['host:80', 'http://host/path?x=y', '[::1]:80', 'é'], ['']),
  'targets[]': pool(['host:80', '10.0.0.1', '[::1]:80'], ['', 'http://host/']),
  tokenUrl: httpUrls,
  url: httpUrls,
  'prober.url': pool(
    ['prober:9115', 'prober', '10.0.0.1:80', '[::1]:9115', '::1', 'prober.example.com'],
    ['', 'http://prober', 'prober:0', 'prober:99999', 'pro ber', 'a:b:c', 'prober:', ':80', 'a_b'],
  ),
  noProxy: pool(['127.0.0.1,.example', '*'], ['']),
  'authorization.type': pool(['Bearer', 'Token', ' Custom ', 'yes'], ['basic', ' BASIC', '']),
  scrapeClass: pool(['first', 'second'], ['missing', '']),
};

const durationFields = new Set(['interval', 'scrapeTimeout', 'scrapeInterval']);
const nameFields = /^(name|port|.*(Name|ID|Id|id))(\[\])?$/;

/** The pool of a string field. @param names The names of the fields that lead to it, the last one its own. */
export function poolOf(path: readonly string[]): Pool {
  const own = path.at(-1) ?? '';
  const found = pools[path.slice(-2).join('.')] ?? pools[own];
  if (found !== undefined) return found;
  if (durationFields.has(own)) return durations;
  if (/[a-z]abels\{\}$/.test(own)) return texts;
  return nameFields.test(own) ? names : texts;
}

/** Keys of maps that users write. */
export const mapKeys = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('app', 'env', 'a-b', 'yes', '0777', 'a b', 'é') },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', '~') },
);

/** Label names of which Prometheus takes all but the empty one. */
export const labelNamePool = labelNames;

export const regexPool = pool(
  ['(.*)', '.+;(x|y)', '(?P<a>x)', 'a.+', '(?i:up.*)', '^x$', '8080', 'yes', 'a{2}', '\\\\d+', ''],
  ['[', '(', '(?=a)', 'a{1001}', 'a)|(b', '\\\\C', '*'],
);
export const replacementPool = pool(
  ['$1', '${1}', 'a_$1', '${x}_b', 'job', '', 'a$$b', 'é', '1', 'no', 'a-b'],
  [],
);
