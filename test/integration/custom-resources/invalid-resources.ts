import { type Plural, podMonitor, serviceMonitor } from './monitoring-cluster.js';

/** A resource that cannot be used, whatever its definition in the cluster lets pass. */
export interface InvalidResource {
  readonly plural: Plural;
  readonly name: string;
  readonly spec: object;
}

const absent = { name: 'absent', key: 'key' };

/** Fields of one endpoint, each of which makes the resource unusable. */
const endpoints: Readonly<Record<string, object>> = {
  'regex-unterminated': { relabelings: [{ regex: '(', targetLabel: 'a' }] },
  'regex-lookahead': { relabelings: [{ regex: 'a(?=b)', targetLabel: 'a' }] },
  'regex-backreference': { relabelings: [{ regex: '(a)\\1', targetLabel: 'a' }] },
  'regex-repeat': { relabelings: [{ regex: 'x{1000}{1000}', targetLabel: 'a' }] },
  'regex-of-metrics': { metricRelabelings: [{ regex: '[', targetLabel: 'a' }] },
  'regex-possessive': { relabelings: [{ regex: 'a++', targetLabel: 'a' }] },
  'action-unknown': { relabelings: [{ action: 'explode', targetLabel: 'a' }] },
  'hashmod-without-modulus': { relabelings: [{ action: 'hashmod', targetLabel: 'a' }] },
  'replace-without-target': { relabelings: [{ action: 'replace', replacement: 'a' }] },
  'lowercase-without-target': { relabelings: [{ action: 'lowercase' }] },
  'labeldrop-with-source': { relabelings: [{ action: 'labeldrop', sourceLabels: ['a'] }] },
  'labelkeep-with-target': { relabelings: [{ action: 'labelkeep', targetLabel: 'a' }] },
  'keepequal-without-target': { relabelings: [{ action: 'keepequal', sourceLabels: ['a'] }] },
  'timeout-above-interval': { interval: '10s', scrapeTimeout: '20s' },
  'timeout-above-default': { scrapeTimeout: '2m' },
  'interval-not-a-duration': { interval: 'soon' },
  'interval-with-fraction': { interval: '1.5m' },
  'timeout-not-a-duration': { scrapeTimeout: '10' },
  'secret-of-basic-auth': { basicAuth: { username: absent, password: absent } },
  'secret-of-authorization': { authorization: { credentials: absent } },
  'secret-of-bearer': { bearerTokenSecret: absent },
  'secret-of-oauth2': {
    oauth2: { clientId: { secret: absent }, clientSecret: absent, tokenUrl: 'http://a' },
  },
  'config-map-of-oauth2': {
    oauth2: { clientId: { configMap: absent }, clientSecret: absent, tokenUrl: 'http://a' },
  },
  'secret-of-ca': { tlsConfig: { ca: { secret: absent } } },
  'config-map-of-ca': { tlsConfig: { ca: { configMap: absent } } },
  'secret-of-certificate': { tlsConfig: { cert: { secret: absent }, keySecret: absent } },
  'file-of-ca': { tlsConfig: { caFile: '/etc/ca' } },
  'file-of-certificate': { tlsConfig: { certFile: '/etc/cert', keyFile: '/etc/key' } },
  'file-of-token': { bearerTokenFile: '/var/run/secrets/token' },
  'authorization-basic': { authorization: { type: 'Basic', credentials: absent } },
  'target-port-is-a-list': { port: undefined, targetPort: ['http'] },
  'proxy-no-url': { proxyUrl: 'http://%zz' },
  'two-authentications': {
    basicAuth: { username: absent, password: absent },
    authorization: { credentials: absent },
  },
  'path-is-a-list': { path: ['/metrics'] },
  'params-are-text': { params: 'a=b' },
  'relabelings-are-text': { relabelings: 'drop everything' },
};

const monitors: Readonly<Record<string, object>> = {
  'endpoints-are-text': { selector: {}, endpoints: 'http' },
  'class-unknown': { ...serviceMonitor(), scrapeClass: 'nobody-knows' },
  'selector-operator': {
    ...serviceMonitor(),
    selector: { matchExpressions: [{ key: 'a', operator: 'Like', values: ['b'] }] },
  },
  'selector-without-values': {
    ...serviceMonitor(),
    selector: { matchExpressions: [{ key: 'a', operator: 'In' }] },
  },
  'endpoints-without-end': { selector: {}, endpoints: Array(20_000).fill({ port: 'a' }) },
};

const others: readonly InvalidResource[] = [
  { plural: 'podmonitors', name: 'pod-regex', spec: podMonitor({ relabelings: [{ regex: '(' }] }) },
  { plural: 'podmonitors', name: 'pod-timeout', spec: podMonitor({ scrapeTimeout: '5m' }) },
  { plural: 'podmonitors', name: 'pod-secret', spec: podMonitor({ bearerTokenSecret: absent }) },
  {
    plural: 'probes',
    name: 'probe-regex',
    spec: {
      prober: { url: 'prober:9115' },
      targets: { staticConfig: { static: ['a'], relabelingConfigs: [{ regex: '(' }] } },
    },
  },
  {
    plural: 'probes',
    name: 'probe-secret',
    spec: {
      prober: { url: 'prober:9115' },
      targets: { staticConfig: { static: ['a'] } },
      bearerTokenSecret: absent,
    },
  },
  {
    plural: 'scrapeconfigs',
    name: 'config-file',
    spec: { fileSDConfigs: [{ files: ['/etc/targets.yaml'] }] },
  },
  {
    plural: 'scrapeconfigs',
    name: 'config-timeout',
    spec: { staticConfigs: [{ targets: ['a:1'] }], scrapeInterval: '1s', scrapeTimeout: '2s' },
  },
  {
    plural: 'scrapeconfigs',
    name: 'config-regex',
    spec: { staticConfigs: [{ targets: ['a:1'] }], relabelings: [{ regex: '(' }] },
  },
  {
    plural: 'scrapeconfigs',
    name: 'config-secret',
    spec: { httpSDConfigs: [{ url: 'http://a', authorization: { credentials: absent } }] },
  },
];

/** Fifty kinds of invalid. */
export const invalidResources: readonly InvalidResource[] = [
  ...Object.entries(endpoints).map(([name, endpoint]) => ({
    ...{ plural: 'servicemonitors' as const, name, spec: serviceMonitor(endpoint) },
  })),
  ...Object.entries(monitors).map(([name, spec]) => ({
    ...{ plural: 'servicemonitors' as const, name, spec },
  })),
  ...others,
];
