import { describe, expect, it } from 'vitest';
import { Secret } from '../../../plugin-api/index.js';
import { podMonitor } from '../pod-monitor/pod-monitor.js';
import { probe } from '../probe/probe.js';
import { serviceMonitor } from '../service-monitor/service-monitor.js';
import { certificate, otherPrivateKey, privateKey } from '../testing/certificates.js';
import { converted, lookupOf, onlyJob, optionsOf } from '../testing/conversions.js';

const kind = serviceMonitor(optionsOf());
const lookup = lookupOf(
  {
    'shop/s/user': 'alice',
    'shop/s/pass': 'p4ss',
    'shop/s/empty': '',
    'shop/s/cert': certificate,
    'shop/s/key': privateKey,
    'shop/s/other': otherPrivateKey,
  },
  { 'shop/c/ca': certificate, 'shop/c/id': 'the-id', 'shop/c/text': 'no PEM' },
);
const secret = (key: string) => ({ name: 's', key });
const configMap = (key: string) => ({ configMap: { name: 'c', key } });
const jobOf = (endpoint: object) => onlyJob(kind, { endpoints: [endpoint] }, lookup);
const reasonsOf = (endpoint: object) => converted(kind, { endpoints: [endpoint] }, lookup).rejected;
const pair = { cert: { secret: secret('cert') }, keySecret: secret('key') };

describe('an HTTP client of a resource', () => {
  it('authenticates with values of Secrets, which stay secret', () => {
    const basicAuth = { username: secret('user'), password: secret('pass') };
    expect(jobOf({ basicAuth })['basic_auth']).toEqual({
      username: 'alice',
      password: new Secret('p4ss'),
    });
    expect(JSON.stringify(jobOf({ basicAuth }))).not.toContain('p4ss');
    const authorization = { type: ' Token ', credentials: secret('pass') };
    expect(jobOf({ authorization })['authorization']).toEqual({
      type: 'Token',
      credentials: new Secret('p4ss'),
    });
    expect(jobOf({ bearerTokenSecret: secret('pass'), bearerTokenFile: '/t' })).toMatchObject({
      bearer_token: new Secret('p4ss'),
      bearer_token_file: '/t',
    });
  });

  it('has one way to authenticate', () => {
    const basicAuth = { username: secret('user'), password: secret('pass') };
    expect(reasonsOf({ basicAuth, bearerTokenSecret: secret('pass') })).toEqual([
      'spec.endpoints[0]: basicAuth and bearerTokenSecret exclude each other; keep one of them',
    ]);
    expect(reasonsOf({ authorization: { type: 'BASIC' } })).toEqual([
      'spec.endpoints[0].authorization.type: must not be "basic"; use basicAuth instead',
      'spec.endpoints[0].authorization: credentials are required',
    ]);
  });

  it('gets tokens with settings of their own', () => {
    const oauth2 = {
      clientId: configMap('id'),
      clientSecret: secret('pass'),
      tokenUrl: 'https://t',
      scopes: ['a'],
      endpointParams: { b: 'c' },
      tlsConfig: {},
      proxyUrl: 'http://p',
    };
    expect(jobOf({ oauth2 })['oauth2']).toEqual({
      client_id: 'the-id',
      client_secret: new Secret('p4ss'),
      token_url: 'https://t',
      scopes: ['a'],
      endpoint_params: { b: 'c' },
      tls_config: {},
      proxy_url: 'http://p',
    });
    expect(reasonsOf({ oauth2: { clientId: {} } })).toEqual([
      'spec.endpoints[0].oauth2.tokenUrl: is required',
      'spec.endpoints[0].oauth2.clientId: must name a Secret or a ConfigMap',
      'spec.endpoints[0].oauth2.clientSecret: must name a Secret and a key in it',
    ]);
  });

  it('has certificates and keys inline', () => {
    const tlsConfig = { ...pair, ca: configMap('ca'), serverName: '', minVersion: 'TLS12' };
    expect(jobOf({ tlsConfig })['tls_config']).toEqual({
      ca: certificate,
      cert: certificate,
      key: new Secret(privateKey),
      min_version: 'TLS12',
    });
  });

  it.each([
    [{ ca: configMap('text') }, 'ca: failed to decode a PEM block'],
    [{ ca: { secret: secret('key') } }, 'ca: failed to parse the certificate'],
    [{ ...pair, keySecret: secret('other') }, 'cert: the private key does not belong'],
    [{ ...pair, keySecret: secret('cert') }, 'cert: there is no private key in PEM form'],
    [{ cert: pair.cert }, 'has a client certificate without its key'],
    [{ keySecret: pair.keySecret }, 'has a client key without its certificate'],
    [{ ca: { secret: secret('cert'), ...configMap('ca') } }, 'names both a Secret and a ConfigMap'],
    [
      { minVersion: 'TLS13', maxVersion: 'TLS12' },
      'maxVersion: must not be below minVersion TLS13',
    ],
    [{ ...pair, certFile: '/c' }, 'certFile: excludes cert'],
    [{ caFile: '/c', ca: configMap('ca') }, 'caFile: excludes ca'],
  ])('is rejected for TLS like %j', (tlsConfig, reason) => {
    expect(reasonsOf({ tlsConfig })).toEqual([expect.stringContaining(reason)]);
  });

  it('does not look at certificates and keys that are empty', () => {
    const empty = { secret: secret('empty') };
    const tlsConfig = { ca: empty, cert: empty, keySecret: secret('other') };
    expect(jobOf({ tlsConfig })['tls_config']).toMatchObject({ ca: '', cert: '' });
  });

  it('may name files in a ServiceMonitor', () => {
    const tlsConfig = { caFile: '/ca', certFile: '/cert', keyFile: '/key' };
    expect(jobOf({ tlsConfig })['tls_config']).toEqual({
      ca_file: '/ca',
      cert_file: '/cert',
      key_file: '/key',
    });
  });

  it('uses a proxy, with headers from Secrets', () => {
    const proxy = {
      proxyUrl: 'http://p',
      noProxy: 'x',
      proxyConnectHeader: JSON.parse('{"__proto__": [{"name": "s", "key": "pass"}]}') as unknown,
    };
    const job = jobOf(proxy);
    expect(job).toMatchObject({ proxy_url: 'http://p', no_proxy: 'x' });
    expect(Object.entries(job['proxy_connect_header'] as object)).toEqual([
      ['__proto__', [new Secret('p4ss')]],
    ]);
  });

  it.each([
    [{ noProxy: 'x' }, 'noProxy: needs proxyUrl'],
    [
      { proxyFromEnvironment: true, proxyUrl: 'http://p' },
      'proxyFromEnvironment: excludes proxyUrl',
    ],
    [{ proxyConnectHeader: { a: [secret('pass')] } }, 'needs proxyUrl or proxyFromEnvironment'],
    [{ proxyUrl: 'x', proxyConnectHeader: { a: [] } }, 'proxyConnectHeader.a: must have a value'],
  ])('is rejected for a proxy like %j', (proxy, reason) => {
    expect(reasonsOf(proxy)).toEqual([expect.stringContaining(reason)]);
  });
});

describe('a scrape class', () => {
  const scrapeClasses = [
    {
      name: 'files',
      default: true,
      tlsConfig: { caFile: '/ca', certFile: '/cert', keyFile: '/key', insecureSkipVerify: true },
      authorization: { type: 'Token', credentialsFile: '/token' },
      fallbackScrapeProtocol: 'PrometheusText0.0.4',
      attachMetadata: { node: true },
      relabelings: [{ action: 'LabelDrop', regex: 'of_class' }],
      metricRelabelings: [{ action: 'LabelDrop', regex: 'of_class' }],
    },
    { name: 'bare' },
    { name: 'secrets', authorization: { credentials: { name: 'nowhere', key: 'x' } } },
  ];
  const options = optionsOf({ scrapeClasses });
  const withClass = (spec: object) => onlyJob(serviceMonitor(options), spec, lookup);

  it('gives the default one to who names none', () => {
    const job = withClass({ endpoints: [{}] });
    expect(job).toMatchObject({
      tls_config: { ca_file: '/ca', insecure_skip_verify: true },
      authorization: { type: 'Token', credentials_file: '/token' },
      fallback_scrape_protocol: 'PrometheusText0.0.4',
      kubernetes_sd_configs: [{ attach_metadata: { node: true } }],
      metric_relabel_configs: [{ action: 'labeldrop', regex: 'of_class' }],
    });
    const bare = withClass({ endpoints: [{}], scrapeClass: 'bare' });
    expect(bare).not.toHaveProperty('tls_config');
    expect(bare).not.toHaveProperty('metric_relabel_configs');
  });

  it('fills only the gaps of a TLS configuration, and only with files', () => {
    expect(
      withClass({ endpoints: [{ tlsConfig: { ca: configMap('ca') } }] })['tls_config'],
    ).toEqual({ ca: certificate, cert_file: '/cert', key_file: '/key' });
    const pods = podMonitor(options);
    const ofPods = (tlsConfig: object) =>
      onlyJob(pods, { podMetricsEndpoints: [{ tlsConfig }] }, lookup)['tls_config'];
    expect(ofPods({})).toMatchObject({ insecure_skip_verify: true });
    expect(ofPods({ serverName: 'x' })).toEqual({
      server_name: 'x',
      ca_file: '/ca',
      cert_file: '/cert',
      key_file: '/key',
    });
  });

  it('gives its credentials to an authorization without any', () => {
    const targets = { staticConfig: { static: ['a'] } };
    const spec = { prober: { url: 'b' }, targets, authorization: { type: 'Mine' } };
    expect(onlyJob(probe(options), spec)['authorization']).toEqual({
      type: 'Mine',
      credentials_file: '/token',
    });
  });

  it('leaves out a Secret that is not in the namespace of the resource', () => {
    const job = withClass({ endpoints: [{}], scrapeClass: 'secrets' });
    expect(job['authorization']).toEqual({ type: 'Bearer' });
  });

  it('puts its rules before those of the resource', () => {
    const relabelings = [{ action: 'LabelDrop', regex: 'of_resource' }];
    const job = withClass({ endpoints: [{ relabelings, metricRelabelings: relabelings }] });
    for (const list of ['relabel_configs', 'metric_relabel_configs']) {
      const dropped = (job[list] as { action?: string; regex: string }[])
        .filter(({ action }) => action === 'labeldrop')
        .map(({ regex }) => regex);
      expect(dropped).toEqual(['of_class', 'of_resource']);
    }
  });

  it('must be there', () => {
    expect(
      converted(serviceMonitor(options), { endpoints: [{}], scrapeClass: 'toString' }).rejected,
    ).toEqual(['spec.scrapeClass: there is no scrape class "toString"']);
  });
});
