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

const common = { port: 9100, refreshInterval: '1m' };
const commonFields = { port: 9100, refresh_interval: '1m' };

describe('discovery in clouds', () => {
  it.each([
    [
      'gceSDConfigs',
      { project: 'p', zone: 'z', filter: 'name=x', tagSeparator: ',', ...common },
      'gce_sd_configs',
      { project: 'p', zone: 'z', filter: 'name=x', tag_separator: ',', ...commonFields },
    ],
    [
      'digitalOceanSDConfigs',
      { authorization, ...connection, ...common },
      'digitalocean_sd_configs',
      { authorization: authorizationFields, ...connectionFields, ...commonFields },
    ],
    [
      'linodeSDConfigs',
      { region: 'eu', tagSeparator: ',', oauth2, ...connection, ...common },
      'linode_sd_configs',
      {
        region: 'eu',
        tag_separator: ',',
        oauth2: oauth2Fields,
        ...connectionFields,
        ...commonFields,
      },
    ],
    [
      'hetznerSDConfigs',
      { role: 'Hcloud', labelSelector: 'a=b', basicAuth, ...connection, ...common },
      'hetzner_sd_configs',
      {
        role: 'hcloud',
        label_selector: 'a=b',
        basic_auth: basicAuthFields,
        ...connectionFields,
        ...commonFields,
      },
    ],
    [
      'scalewaySDConfigs',
      {
        accessKey: 'SCW',
        secretKey: inCreds('token'),
        projectID: 'p',
        role: 'Instance',
        apiURL: 'https://api',
        zone: 'fr-par-1',
        nameFilter: 'web',
        tagsFilter: ['a'],
        ...connection,
        ...common,
      },
      'scaleway_sd_configs',
      {
        access_key: 'SCW',
        secret_key: { secret: 't0ken' },
        project_id: 'p',
        role: 'instance',
        api_url: 'https://api',
        zone: 'fr-par-1',
        name_filter: 'web',
        tags_filter: ['a'],
        ...connectionFields,
        ...commonFields,
      },
    ],
    [
      'ionosSDConfigs',
      { datacenterID: 'd', authorization, ...connection, ...common },
      'ionos_sd_configs',
      {
        datacenter_id: 'd',
        authorization: authorizationFields,
        ...connectionFields,
        ...commonFields,
      },
    ],
  ])('writes every field of %s', (list, entry, block, expected) => {
    expect(discoveryOf(list, entry)).toEqual({ [block]: [expected] });
  });

  it('writes every field of openstack', () => {
    const entry = {
      role: 'LoadBalancer',
      region: 'r',
      identityEndpoint: 'https://keystone',
      username: 'u',
      userid: '7',
      password: inCreds('password'),
      domainName: 'dn',
      domainID: 'di',
      projectName: 'pn',
      projectID: 'pi',
      applicationCredentialName: 'an',
      applicationCredentialId: 'ai',
      applicationCredentialSecret: inCreds('token'),
      allTenants: true,
      availability: 'Public',
      tlsConfig: { serverName: 'keystone' },
      ...common,
    };
    expect(discoveryOf('openstackSDConfigs', entry)).toEqual({
      openstack_sd_configs: [
        {
          role: 'loadbalancer',
          region: 'r',
          identity_endpoint: 'https://keystone',
          username: 'u',
          userid: '7',
          password: { secret: 'pass' },
          domain_name: 'dn',
          domain_id: 'di',
          project_name: 'pn',
          project_id: 'pi',
          application_credential_name: 'an',
          application_credential_id: 'ai',
          application_credential_secret: { secret: 't0ken' },
          all_tenants: true,
          availability: 'Public',
          tls_config: { server_name: 'keystone' },
          ...commonFields,
        },
      ],
    });
  });

  const ovh = {
    applicationKey: 'k',
    applicationSecret: inCreds('token'),
    consumerKey: inCreds('password'),
    endpoint: 'ovh-eu',
    refreshInterval: '1m',
  };

  it.each([
    ['VPS', 'vps'],
    ['DedicatedServer', 'dedicated_server'],
  ])('writes every field of ovhcloud for the service %s', (service, word) => {
    expect(discoveryOf('ovhcloudSDConfigs', { ...ovh, service })).toEqual({
      ovhcloud_sd_configs: [
        {
          application_key: 'k',
          application_secret: { secret: 't0ken' },
          consumer_key: { secret: 'pass' },
          service: word,
          endpoint: 'ovh-eu',
          refresh_interval: '1m',
        },
      ],
    });
  });

  it('prefers OAuth 2.0 over the authorization that ionos asks for', () => {
    expect(discoveryOf('ionosSDConfigs', { datacenterID: 'd', authorization, oauth2 })).toEqual({
      ionos_sd_configs: [{ datacenter_id: 'd', oauth2: oauth2Fields }],
    });
    expect(discoveryOf('ionosSDConfigs', { datacenterID: 'd' })).toEqual({
      ionos_sd_configs: [{ datacenter_id: 'd', authorization: { type: 'Bearer' } }],
    });
  });

  it('leaves out an empty label selector of hetzner', () => {
    expect(discoveryOf('hetznerSDConfigs', { role: 'robot', labelSelector: '' })).toEqual({
      hetzner_sd_configs: [{ role: 'robot' }],
    });
  });

  it.each([
    ['gceSDConfigs', { project: 'p' }, 'zone: is required'],
    ['openstackSDConfigs', { role: 'Instance' }, 'region: is required'],
    [
      'openstackSDConfigs',
      { role: 'Instance', region: 'r', password: inCreds('none') },
      'password: Secret shop/creds has no key "none"',
    ],
    [
      'openstackSDConfigs',
      { role: 'Instance', region: 'r', allTenants: 'no' },
      'allTenants: must be true or false, got "no"',
    ],
    [
      'ovhcloudSDConfigs',
      { ...ovh, service: 'Cloud' },
      'service: must be one of VPS, DedicatedServer, got "Cloud"',
    ],
    [
      'ovhcloudSDConfigs',
      { ...ovh, service: 'VPS', consumerKey: { name: 'none', key: 'k' } },
      'consumerKey: Secret shop/none has no key "k"',
    ],
    ['hetznerSDConfigs', {}, 'role: is required'],
    [
      'ionosSDConfigs',
      { datacenterID: 'd', authorization: { type: 'basic', credentials: inCreds('token') } },
      'authorization.type: must not be "basic"; use basicAuth instead',
    ],
  ])('rejects %s with %j', (list, entry, reason) => {
    expect(rejectionsOf({ [list]: [entry] })).toEqual([`spec.${list}[0].${reason}`]);
  });
});
