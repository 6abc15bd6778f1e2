import { describe, expect, it } from 'vitest';
import { discoveryOf, inCreds, rejectionsOf } from '../testing/converted.js';
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

describe('discovery in service registries', () => {
  it('writes every field of consul', () => {
    const entry = {
      server: 'consul:8500',
      pathPrefix: '/consul',
      tokenRef: inCreds('token'),
      datacenter: 'dc1',
      namespace: 'ns',
      partition: 'p',
      scheme: 'HTTPS',
      services: ['web', 'db'],
      tags: ['a'],
      tagSeparator: ';',
      nodeMeta: { rack: '7' },
      filter: 'Service.Meta.x == 1',
      healthFilter: 'Node.Name == n',
      allowStale: false,
      refreshInterval: '1m',
      basicAuth,
      ...connection,
    };
    expect(discoveryOf('consulSDConfigs', entry)).toEqual({
      consul_sd_configs: [
        {
          server: 'consul:8500',
          path_prefix: '/consul',
          token: { secret: 't0ken' },
          datacenter: 'dc1',
          namespace: 'ns',
          partition: 'p',
          scheme: 'https',
          services: ['web', 'db'],
          tags: ['a'],
          tag_separator: ';',
          node_meta: { rack: '7' },
          filter: 'Service.Meta.x == 1',
          health_filter: 'Node.Name == n',
          allow_stale: false,
          refresh_interval: '1m',
          basic_auth: basicAuthFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('leaves out empty lists and maps of consul', () => {
    const entry = { server: 'consul:8500', services: [], tags: [], nodeMeta: {} };
    expect(discoveryOf('consulSDConfigs', entry)).toEqual({
      consul_sd_configs: [{ server: 'consul:8500' }],
    });
  });

  it('writes every field of eureka', () => {
    const entry = { server: 'http://eureka', refreshInterval: '1m', oauth2, ...connection };
    expect(discoveryOf('eurekaSDConfigs', entry)).toEqual({
      eureka_sd_configs: [
        {
          server: 'http://eureka',
          refresh_interval: '1m',
          oauth2: oauth2Fields,
          ...connectionFields,
        },
      ],
    });
  });

  it('writes every field of kuma', () => {
    const entry = {
      server: 'http://kuma:5676',
      clientID: 'me',
      refreshInterval: '1m',
      fetchTimeout: '2m',
      authorization,
      ...connection,
    };
    expect(discoveryOf('kumaSDConfigs', entry)).toEqual({
      kuma_sd_configs: [
        {
          server: 'http://kuma:5676',
          client_id: 'me',
          refresh_interval: '1m',
          fetch_timeout: '2m',
          authorization: authorizationFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('writes every field of nomad', () => {
    const entry = {
      server: 'https://nomad:4646',
      namespace: 'ns',
      region: 'eu',
      tagSeparator: '|',
      allowStale: true,
      refreshInterval: '1m',
      authorization,
      ...connection,
    };
    expect(discoveryOf('nomadSDConfigs', entry)).toEqual({
      nomad_sd_configs: [
        {
          server: 'https://nomad:4646',
          namespace: 'ns',
          region: 'eu',
          tag_separator: '|',
          allow_stale: true,
          refresh_interval: '1m',
          authorization: authorizationFields,
          ...connectionFields,
        },
      ],
    });
  });

  it('writes every field of puppetdb', () => {
    const entry = {
      url: 'https://puppet:8081',
      query: 'resources {}',
      includeParameters: true,
      port: 9100,
      refreshInterval: '1m',
      basicAuth,
      ...connection,
    };
    expect(discoveryOf('puppetDBSDConfigs', entry)).toEqual({
      puppetdb_sd_configs: [
        {
          url: 'https://puppet:8081',
          query: 'resources {}',
          include_parameters: true,
          port: 9100,
          refresh_interval: '1m',
          basic_auth: basicAuthFields,
          ...connectionFields,
        },
      ],
    });
  });

  it.each([
    ['consulSDConfigs', {}, 'server: is required'],
    [
      'consulSDConfigs',
      { server: 'c', tokenRef: inCreds('none') },
      'tokenRef: Secret shop/creds has no key "none"',
    ],
    [
      'consulSDConfigs',
      { server: 'c', nodeMeta: { rack: 7 } },
      'nodeMeta.rack: must be a text, got 7',
    ],
    ['kumaSDConfigs', { server: 'kuma:5676' }, 'server: must be a URL with a scheme and a host'],
    [
      'kumaSDConfigs',
      { server: 'http://k', fetchTimeout: 'soon' },
      'fetchTimeout: "soon": not a valid duration',
    ],
    ['nomadSDConfigs', { server: '/nomad' }, 'server: must be a URL with a scheme and a host'],
    ['nomadSDConfigs', {}, 'server: is required'],
    ['puppetDBSDConfigs', { url: 'ftp://p', query: 'q' }, 'url: must be a URL of http or https'],
    ['puppetDBSDConfigs', { url: 'http:/path', query: 'q' }, 'url: must be a URL with a host'],
    ['puppetDBSDConfigs', { url: 'http://p' }, 'query: is required'],
  ])('rejects %s with %j', (list, entry, reason) => {
    expect(rejectionsOf({ [list]: [entry] })).toEqual([`spec.${list}[0].${reason}`]);
  });
});
