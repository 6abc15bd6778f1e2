import fc from 'fast-check';
import { writeYaml, type YamlMap, type YamlValue } from './yaml-writer.js';

type Values = fc.Arbitrary<YamlValue>;
type Fields = Readonly<Record<string, Values>>;

/**
 * Spellings that some type takes and others do not. `Null` is left out: Prometheus' own types take it for an empty text,
 * the Go allocator and we for nothing.
 */
const odd: Values = fc.oneof(
  scalars('null', '~', '', '""', "''", 'yes', 'No', 'on', '"true"', 'TRUE', '!!str 5'),
  scalars('0', '-1', '0777', '0o17', '0x1F', '0b11', '08', '1e3', '1_000', '.5', '1.5', '"5"'),
  scalars('2001-01-01', '1:30', '18446744073709551615', '99999999999999999999', 'x', '.inf'),
  scalars('!!int 5', '!!int x', '!!bool yes', '!!float 3', '!foo bar', '!!binary aGk=', '"a\\nb"'),
  fc.constantFrom<YamlValue>({ list: [] }, { map: [] }, { list: [{ scalar: 'null' }] }),
  fc.constantFrom<YamlValue>({ list: [{ scalar: 'a' }] }, { map: [['a', { scalar: 'b' }]] }),
);

function scalars(...texts: readonly string[]): Values {
  return fc.constantFrom(...texts).map((scalar) => ({ scalar }));
}

/** Spellings that fit, and now and then one that is refused. */
function pool(fitting: readonly string[], refused: readonly string[]): Values {
  return fc.oneof(
    { weight: 60, arbitrary: scalars(...fitting) },
    { weight: 1, arbitrary: scalars(...refused) },
  );
}

/** Mostly a value that fits, sometimes one that hardly anything takes. */
function field(fitting: Values): Values {
  return fc.oneof({ weight: 60, arbitrary: fitting }, { weight: 1, arbitrary: odd });
}

function listOf(element: Values, maxLength = 3): Values {
  return fc.array(field(element), { maxLength }).map((list) => ({ list }));
}

function mapOf(keys: fc.Arbitrary<string>, value: Values): Values {
  const entry = fc.tuple(keys, field(value));
  const entries = fc.oneof(
    { weight: 40, arbitrary: fc.uniqueArray(entry, { maxLength: 3, selector: ([key]) => key }) },
    { weight: 1, arbitrary: fc.array(entry, { maxLength: 3 }) },
  );
  return fc.tuple(entries, fc.boolean()).map(([map, flow]) => ({ map, flow }));
}

/**
 * Some of the fields, in any order, now and then an unknown one, one twice, or some of them merged in.
 *
 * @param presence Of a hundred, how often a field is there.
 */
function structOf(fields: Fields, presence = 20): fc.Arbitrary<YamlMap> {
  const entries = Object.entries(fields).map(([key, value]) => {
    const some = field(value).map((item): [string, YamlValue][] => [[key, item]]);
    return fc.oneof(
      { weight: 100 - presence, arbitrary: fc.constant<[string, YamlValue][]>([]) },
      { weight: presence, arbitrary: some },
    );
  });
  const unknown = rarely(
    fc.constant<[string, YamlValue][]>([['unknown_key', { scalar: '1' }]]),
    [],
  );
  return fc
    .tuple(fc.tuple(unknown, ...entries), fc.integer({ min: 0, max: 40 }), fc.boolean())
    .map(([given, merged, flow]) => {
      const map = given.flat();
      if (merged >= map.length || merged === 0) return { map, flow: flow && merged > 35 };
      const inherited: YamlMap = { map: map.slice(0, merged), flow: true };
      return { map: [['<<', inherited], ...map.slice(merged)] };
    });
}

/** The required fields always, but for one time in fifty, and some of the others. */
function structWith(required: Fields, optional: Fields, presence?: number): fc.Arbitrary<YamlMap> {
  const needed = Object.entries(required).map(([key, value]) =>
    rarely(fc.constant<[string, YamlValue][]>([]), undefined).chain((none) =>
      none === undefined
        ? field(value).map((item): [string, YamlValue][] => [[key, item]])
        : fc.constant(none),
    ),
  );
  return fc
    .tuple(fc.tuple(...needed), structOf(optional, presence))
    .map(([given, { map, ...style }]) => ({ map: [...given.flat(), ...map], ...style }));
}

function rarely<T, U>(value: fc.Arbitrary<T>, otherwise: U): fc.Arbitrary<T | U> {
  return fc.oneof(
    { weight: 79, arbitrary: fc.constant(otherwise) },
    { weight: 1, arbitrary: value },
  );
}

const bool = scalars('true', 'false', 'yes', 'no', 'on', 'off', 'y', 'n', 'True');
const text = scalars(
  'abc',
  '0777',
  'yes',
  '"say \\"hi\\""',
  "'it''s'",
  'é€😀',
  '/a/b',
  '1e3',
  '~x',
);
const duration = pool(
  ['10s', '1m', '30s', '1m30s', '90s', '15d', '2w', '1y', '0', '0s', '100ms', '5m'],
  ['300y', '1.5h', '1s1m', '-1s', '""'],
);
const uint = pool(
  ['0', '1', '1000', '1_000', '0777', '0x10', '3.7', '18446744073709551615'],
  ['-1', '99999999999999999999', '"5"', '1s'],
);
const size = pool(
  ['15MB', '15MiB', '1GB512MB', '1.5KiB', '0', '100B', '-1KB', '7EiB'],
  ['12', '1kB', '8mb', '1MiB1MB'],
);
const url = pool(
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
const regex = pool(
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
const labelName = pool(['job', '__address__', '__tmp_x', 'ünï.code', '"a b"', '9x', 'no'], ['""']);
const labelKeys = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.constantFrom('job', 'env', '"a-b"', 'é', 'yes', '0777', '__proto__'),
  },
  { weight: 1, arbitrary: fc.constantFrom('""', '~', 'null', '[a]', '!!binary aGk=') },
);
const templates = scalars(
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

const relabelRule = structOf(
  {
    source_labels: listOf(labelName),
    separator: scalars(';', '","', '""'),
    regex,
    modulus: scalars('8', '0', '18446744073709551615', '0x10'),
    target_label: fc.oneof(labelName, templates),
    replacement: fc.oneof(templates, text),
  },
  30,
).chain(({ map, ...style }) =>
  rarely(odd, undefined).chain((wrong) =>
    scalars(
      ...['replace', 'keep', 'drop', 'hashmod', 'labelmap', 'labeldrop', 'labelkeep'],
      ...['lowercase', 'Uppercase', 'keepequal', 'dropequal', 'REPLACE'],
    ).map((action) => ({ map: [...map, ['action', wrong ?? action] as const], ...style })),
  ),
);

const simpleRule = fc.oneof(
  structWith(
    { source_labels: listOf(labelName), regex },
    { separator: text, replacement: text },
  ).map(({ map }): YamlMap => ({ map: [...map, ['action', { scalar: 'keep' }]] })),
  structWith({ target_label: labelName }, { replacement: text, source_labels: listOf(labelName) }),
);
const relabelRules = listOf(
  fc.oneof({ weight: 6, arbitrary: simpleRule }, { weight: 1, arbitrary: relabelRule }),
);

const tlsConfig = structOf({
  ca: text,
  ca_file: text,
  insecure_skip_verify: bool,
  server_name: text,
  min_version: pool(['TLS12', 'TLS13', 'TLS10'], ['tls12', '""']),
  max_version: pool(['TLS13', 'TLS11'], ['SSL3']),
}).chain(({ map, ...style }) =>
  fc
    .oneof(
      { weight: 20, arbitrary: fc.constant<YamlMap>({ map: [] }) },
      { weight: 4, arbitrary: structWith({ cert: text, key: text }, {}) },
      { weight: 4, arbitrary: structWith({ cert_file: text, key_file: text }, {}) },
      {
        weight: 1,
        arbitrary: structOf({ cert: text, cert_file: text, key: text, key_file: text }),
      },
    )
    .map((pair) => ({ map: [...map, ...pair.map], ...style })),
);

const connectHeader = mapOf(fc.constantFrom('X-A', '"x b"'), listOf(text));
const proxy: fc.Arbitrary<YamlMap> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  {
    weight: 8,
    arbitrary: structWith(
      { proxy_url: url },
      { no_proxy: text, proxy_connect_header: connectHeader },
    ),
  },
  {
    weight: 3,
    arbitrary: structWith(
      { proxy_from_environment: scalars('yes') },
      { proxy_connect_header: connectHeader },
    ),
  },
  {
    weight: 1,
    arbitrary: structOf({
      proxy_url: url,
      no_proxy: text,
      proxy_from_environment: bool,
      proxy_connect_header: connectHeader,
    }),
  },
);

const oauth2 = structWith(
  { client_id: text, token_url: text },
  {
    client_secret: text,
    client_secret_file: text,
    client_certificate_key_id: text,
    client_certificate_key: text,
    client_certificate_key_file: text,
    grant_type: scalars('client_credentials', '"urn:ietf:params:oauth:grant-type:jwt-bearer"', 'x'),
    signature_algorithm: pool(['RS256', 'RS512'], ['HS256']),
    iss: text,
    audience: text,
    claims: mapOf(
      fc.constantFrom('a', 'b', 'yes'),
      fc.oneof(text, uint, bool, listOf(uint), mapOf(fc.constantFrom('x', '"y z"'), text)),
    ),
    scopes: listOf(text),
    endpoint_params: mapOf(labelKeys, text),
    tls_config: tlsConfig,
  },
  15,
).chain(({ map, ...style }) =>
  proxy.map((settings) => ({ map: [...map, ...settings.map], ...style })),
);

const basicAuth = structOf({
  username: text,
  username_ref: text,
  password: text,
  password_file: text,
});
const authorization = structOf({
  type: pool(['Bearer', '" Token "', '""', '"\\u00a0x"'], ['basic', 'BASIC']),
  credentials: text,
  credentials_file: text,
});
/** Mostly one way to authenticate or none. */
const credentials: fc.Arbitrary<YamlMap> = fc.oneof(
  { weight: 60, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  { weight: 6, arbitrary: structWith({ basic_auth: basicAuth }, {}) },
  { weight: 6, arbitrary: structWith({ authorization }, {}) },
  { weight: 10, arbitrary: structWith({ oauth2 }, {}) },
  { weight: 3, arbitrary: structWith({ bearer_token: text }, {}) },
  { weight: 3, arbitrary: structWith({ bearer_token_file: text }, {}) },
  {
    weight: 1,
    arbitrary: structOf(
      { basic_auth: basicAuth, authorization, oauth2, bearer_token: text, bearer_token_file: text },
      40,
    ),
  },
);
const headerNames = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom('X-Scope', '"x y"', 'x-a') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Authorization', 'host', 'X-AMZ-date', '"\\u212aeep-alive"'),
  },
);
const header = structOf({ values: listOf(text), secrets: listOf(text), files: listOf(text) });
const clientOptions = structOf(
  {
    tls_config: tlsConfig,
    follow_redirects: bool,
    enable_http2: bool,
    http_headers: mapOf(headerNames, header),
  },
  12,
);
const httpClient: fc.Arbitrary<YamlMap> = fc
  .tuple(credentials, clientOptions, proxy)
  .map((parts) => ({ map: parts.flatMap(({ map }) => map) }));

const targets = listOf(
  pool(['"a:80"', 'b:9090', '"[::1]:80"', '0777', 'é'], ['http://c/metrics', '/']),
);
const staticConfig = structOf({ targets, labels: mapOf(labelKeys, text) }, 80);
const fileSd = structWith(
  {
    files: fc
      .array(
        field(pool(['a.json', '/b/*.yml', '"*.YAML"', '"x*.json"'], ['c.txt', '"a*/b.json"'])),
        {
          minLength: 1,
          maxLength: 2,
        },
      )
      .map((list) => ({ list })),
  },
  { refresh_interval: duration },
);
const httpSd = fc
  .tuple(
    structWith(
      {
        url: fc.oneof(
          {
            weight: 5,
            arbitrary: scalars('http://sd:80/x', '"https://u:p@sd/?a=b#c"', 'HTTPS://sd'),
          },
          { weight: 1, arbitrary: url },
        ),
      },
      { refresh_interval: duration },
    ),
    httpClient,
  )
  .map(([own, client]) => ({ map: [...own.map, ...client.map] }));
const roles = ['pod', 'node', 'service', 'endpoints', 'endpointslice', 'ingress'] as const;
const role = pool(roles, ['Pod', '""']);
const labelSelector = pool(
  [
    'a=b',
    '"a in (b, c)"',
    '"a,!b"',
    '"a>5"',
    '"a in ()"',
    '"a notin (,x)"',
    '"in in (in)"',
    'x.y/a==b',
  ],
  ['"a=b c"', '"-a"', '"a in (b"', '"a>x"', '"a,"', '"!a=b"', '"a/b/c"', '"a>-5"', '"A.b/c"'],
);
const fieldSelector = pool(
  ['metadata.name=x', '"a!=b,c==d"', '"a=b\\\\,c"', '",,"', '"=x"'],
  ['"a"', '"a=b=c"', '"a=b\\\\x"', '"a=b\\\\"'],
);
const selectors = fc.oneof(
  {
    weight: 4,
    arbitrary: structWith(
      { role: scalars('pod') },
      { label: labelSelector, field: fieldSelector },
      60,
    ).map((selector): YamlValue => ({ list: [selector] })),
  },
  { weight: 1, arbitrary: listOf(structWith({ role }, { label: labelSelector }), 2) },
);
const kubernetesAccess = fc.oneof(
  { weight: 6, arbitrary: fc.constant<YamlMap>({ map: [] }) },
  { weight: 3, arbitrary: structWith({ kubeconfig_file: text }, {}) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(structWith({ api_server: url }, {}), httpClient)
      .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(structOf({ api_server: url, kubeconfig_file: text }, 50), httpClient)
      .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) })),
  },
);
const kubernetesSd = fc
  .tuple(
    structWith(
      { role: fc.oneof({ weight: 3, arbitrary: scalars('pod') }, { weight: 1, arbitrary: role }) },
      {
        namespaces: structOf({ own_namespace: bool, names: listOf(text) }, 50),
        selectors,
        attach_metadata: structOf({ node: bool, namespace: bool, job: bool, cronjob: bool }, 50),
      },
    ),
    kubernetesAccess,
  )
  .map(([own, access]) => ({ map: [...own.map, ...access.map] }));

const protocol = pool(
  [
    'PrometheusProto',
    'OpenMetricsText1.0.0',
    'OpenMetricsText0.0.1',
    'PrometheusText0.0.4',
    'PrometheusText1.0.0',
  ],
  ['prometheusproto', '""'],
);
const limits: Fields = {
  body_size_limit: size,
  sample_limit: uint,
  target_limit: uint,
  label_limit: uint,
  label_name_length_limit: uint,
  label_value_length_limit: uint,
  keep_dropped_targets: uint,
  scrape_failure_log_file: text,
  scrape_native_histograms: bool,
  extra_scrape_metrics: bool,
  always_scrape_classic_histograms: bool,
  convert_classic_histograms_to_nhcb: bool,
};
const schemes: Fields = {
  metric_name_validation_scheme: pool(['utf8', 'legacy'], ['UTF8', '""']),
  metric_name_escaping_scheme: pool(['underscores', 'dots', 'values', '""'], ['x', 'allow-utf-8']),
};

const job = fc
  .tuple(
    structWith(
      { job_name: fc.integer({ min: 0, max: 40 }).map((i) => ({ scalar: `job-${String(i)}` })) },
      { scrape_interval: duration, scrape_timeout: pool(['1s', '5s', '0s'], ['5m', '1d']) },
      15,
    ),
    structOf(limits, 7),
    structOf(schemes, 7),
    structOf(
      {
        honor_labels: bool,
        honor_timestamps: bool,
        track_timestamps_staleness: bool,
        params: mapOf(labelKeys, listOf(text)),
        scrape_protocols: listOf(protocol),
        fallback_scrape_protocol: protocol,
        metrics_path: text,
        scheme: text,
        enable_compression: bool,
        native_histogram_bucket_limit: uint,
        native_histogram_min_bucket_factor: scalars('1.1', '2', '0', '1e-3', '.5'),
      },
      7,
    ),
    structOf({ relabel_configs: relabelRules, metric_relabel_configs: relabelRules }, 30),
    structOf({ static_configs: listOf(staticConfig) }, 50),
    structOf(
      {
        file_sd_configs: listOf(fileSd, 2),
        http_sd_configs: listOf(httpSd, 2),
        kubernetes_sd_configs: listOf(kubernetesSd, 2),
      },
      15,
    ),
    httpClient,
  )
  .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) }));

const globalConfig = fc
  .tuple(
    structOf({ scrape_interval: duration, scrape_timeout: pool(['1s', '5s'], ['5m']) }, 30),
    structOf(limits, 7),
    structOf(schemes, 10),
    structOf(
      {
        scrape_protocols: listOf(protocol),
        evaluation_interval: duration,
        rule_query_offset: duration,
        query_log_file: text,
        external_labels: mapOf(labelKeys, text),
      },
      10,
    ),
  )
  .map((parts): YamlMap => ({ map: parts.flatMap(({ map }) => map) }));

/** Jobs, of which a later one may be built on an earlier one by an anchor. */
const jobs: Values = fc
  .tuple(fc.array(job, { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([list, isShared]) => {
    const [first, second, ...others] = list;
    if (!isShared || first === undefined || second === undefined || first.map.length === 0) {
      return { list };
    }
    const base: YamlMap = { ...first, flow: false, anchor: 'base' };
    // Prometheus merges structures within structures, key by key; YAML and the Go allocator (which decodes the file
    // untyped first) do not, and neither do we. So a key that both have must not hold a mapping.
    const shared = new Set(first.map.map(([key]) => key));
    const own = second.map.filter(([key, value]) => !shared.has(key) || !('map' in value));
    const built: YamlMap = { map: [['<<', { alias: 'base' }], ...own] };
    return { list: [base, built, ...others] };
  });

/** A Prometheus document as text, valid about every second time. */
export const prometheusDocuments: fc.Arbitrary<string> = structWith(
  { scrape_configs: jobs },
  { global: globalConfig },
  40,
).map(writeYaml);
