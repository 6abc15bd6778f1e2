import { describe, expect, it } from 'vitest';
import { discoveryOf, rejectionsOf } from '../testing/converted.js';
import {
  authorization,
  authorizationFields,
  basicAuth,
  basicAuthFields,
  connection,
  connectionFields,
  oauth2,
  oauth2Fields,
} from '../testing/whole-client.js';

describe('static, file, http and dns discovery', () => {
  it('writes static targets with their labels', () => {
    const entry = { targets: ['db1:9187', 'db2:9187'], labels: { env: 'prod', größe: 'xl' } };
    expect(discoveryOf('staticConfigs', entry)).toEqual({ static_configs: [entry] });
  });

  it('keeps a label of any name that a target may have', () => {
    const labels: unknown = JSON.parse('{"__proto__":"x","constructor":"y"}');
    const [written] = discoveryOf('staticConfigs', { targets: ['db:1'], labels })[
      'static_configs'
    ] as [{ labels: object }]; // the block of one element
    expect(Object.entries(written.labels)).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it('writes empty targets and labels where the resource has none, as the operator does', () => {
    expect(discoveryOf('staticConfigs', {})).toEqual({
      static_configs: [{ targets: [], labels: {} }],
    });
  });

  it('rejects a label without a name', () => {
    expect(rejectionsOf({ staticConfigs: [{ targets: ['db:1'], labels: { '': 'x' } }] })).toEqual([
      'spec.staticConfigs[0].labels: a label name must not be empty',
    ]);
  });

  it('writes the files of file discovery', () => {
    const entry = { files: ['/etc/sd/*.json'], refreshInterval: '2m' };
    expect(discoveryOf('fileSDConfigs', entry)).toEqual({
      file_sd_configs: [{ files: ['/etc/sd/*.json'], refresh_interval: '2m' }],
    });
  });

  it('rejects file discovery without files', () => {
    expect(rejectionsOf({ fileSDConfigs: [{}] })).toEqual([
      'spec.fileSDConfigs[0].files: is required',
    ]);
  });

  it.each([
    ['basic auth', { basicAuth }, { basic_auth: basicAuthFields }],
    ['an authorization', { authorization }, { authorization: authorizationFields }],
    ['an empty authorization', { authorization: {} }, { authorization: { type: 'Bearer' } }],
    ['OAuth 2.0', { oauth2 }, { oauth2: oauth2Fields }],
  ])('writes http discovery with %s', (_name, written, expected) => {
    const entry = { url: 'https://sd/targets', refreshInterval: '30s', ...connection, ...written };
    expect(discoveryOf('httpSDConfigs', entry)).toEqual({
      http_sd_configs: [
        {
          url: 'https://sd/targets',
          refresh_interval: '30s',
          ...connectionFields,
          ...expected,
        },
      ],
    });
  });

  it.each([
    ['an URL that Go cannot read', { url: 'http://h:x/' }, 'url: invalid port ":x" after the host'],
    ['no URL', {}, 'url: is required'],
    [
      'a duration of another kind',
      { url: 'http://h', refreshInterval: '1.5h' },
      'refreshInterval: "1.5h": not a valid duration',
    ],
    [
      'an empty duration',
      { url: 'http://h', refreshInterval: '' },
      'refreshInterval: "": empty duration',
    ],
    [
      'a proxy that is no URL',
      { url: 'http://h', proxyUrl: '%zz' },
      'proxyUrl: invalid URL escape "%zz"',
    ],
    [
      'two ways to authenticate',
      { url: 'http://h', basicAuth, authorization },
      ': basicAuth and authorization exclude each other; keep one of them',
    ],
    [
      'a secret that is not there',
      { url: 'http://h', authorization: { credentials: { name: 'creds', key: 'none' } } },
      'authorization.credentials: Secret shop/creds has no key "none"',
    ],
    ['a wrong type', { url: 7 }, 'url: must be a text, got 7'],
  ])('rejects http discovery with %s', (_name, entry, reason) => {
    const separator = reason.startsWith(':') ? '' : '.';
    expect(rejectionsOf({ httpSDConfigs: [entry] })).toContain(
      `spec.httpSDConfigs[0]${separator}${reason}`,
    );
  });

  it('writes every field of dns discovery', () => {
    const entry = { names: ['a.example'], type: 'A', port: 9100, refreshInterval: '1m' };
    expect(discoveryOf('dnsSDConfigs', entry)).toEqual({
      dns_sd_configs: [{ names: ['a.example'], type: 'A', port: 9100, refresh_interval: '1m' }],
    });
  });

  it('asks for a port unless records say theirs', () => {
    const withoutPort = (type?: string) => ({ names: ['a.example'], ...(type ? { type } : {}) });
    expect(rejectionsOf({ dnsSDConfigs: [withoutPort('SRV'), withoutPort()] })).toEqual([]);
    expect(rejectionsOf({ dnsSDConfigs: [withoutPort('MX')] })).toEqual([
      'spec.dnsSDConfigs[0].port: is required for records of type MX',
    ]);
  });

  it('rejects a port that Go cannot keep', () => {
    expect(rejectionsOf({ dnsSDConfigs: [{ names: ['a'], port: 2 ** 31 }] })).toEqual([
      'spec.dnsSDConfigs[0].port: must be a whole number of 32 bits, got 2147483648',
    ]);
  });
});
