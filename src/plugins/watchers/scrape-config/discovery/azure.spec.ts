import { describe, expect, it } from 'vitest';
import { discoveryOf, inCreds, rejectionsOf } from '../testing/converted.js';
import { basicAuth, basicAuthFields, connection } from '../testing/whole-client.js';

describe('azure discovery', () => {
  const client = { tenantID: 't', clientID: 'c', clientSecret: inCreds('token') };
  const clientFields = { tenant_id: 't', client_id: 'c', client_secret: { secret: 't0ken' } };

  it('writes every field, of the HTTP client only authentication and proxy', () => {
    const entry = {
      authenticationMethod: 'OAuth',
      subscriptionID: 's',
      ...client,
      resourceGroup: 'g',
      port: 9100,
      refreshInterval: '1m',
      basicAuth,
      ...connection,
    };
    expect(discoveryOf('azureSDConfigs', entry)).toEqual({
      azure_sd_configs: [
        {
          authentication_method: 'OAuth',
          subscription_id: 's',
          ...clientFields,
          resource_group: 'g',
          port: 9100,
          refresh_interval: '1m',
          basic_auth: basicAuthFields,
          proxy_url: 'http://proxy:3128',
          no_proxy: '127.0.0.1',
          proxy_connect_header: { 'X-Token': [{ secret: 't0ken' }] },
        },
      ],
    });
  });

  it('loses the HTTP client with an environment, as the operator does', () => {
    const entry = { environment: 'AzureCloud', subscriptionID: '', ...client, basicAuth };
    expect(discoveryOf('azureSDConfigs', entry)).toEqual({
      azure_sd_configs: [{ environment: 'AzureCloud', ...clientFields }],
    });
  });

  it.each(['ManagedIdentity', 'SDK', 'WorkloadIdentity'])('needs no client for %s', (method) => {
    const entry = { authenticationMethod: method, subscriptionID: 's' };
    expect(discoveryOf('azureSDConfigs', entry)).toEqual({
      azure_sd_configs: [{ authentication_method: method, subscription_id: 's' }],
    });
  });

  it('is rejected for a Secret that is not there even where the method needs none', () => {
    const entry = { authenticationMethod: 'SDK', clientSecret: inCreds('none') };
    expect(rejectionsOf({ azureSDConfigs: [entry] })).toEqual([
      'spec.azureSDConfigs[0].clientSecret: Secret shop/creds has no key "none"',
    ]);
  });

  it('rejects OAuth, the default, without a client', () => {
    expect(rejectionsOf({ azureSDConfigs: [{ subscriptionID: 's', tenantID: '' }] })).toEqual([
      'spec.azureSDConfigs[0].tenantID: is required by the authentication method OAuth',
      'spec.azureSDConfigs[0].clientID: is required by the authentication method OAuth',
      'spec.azureSDConfigs[0].clientSecret: is required by the authentication method OAuth',
    ]);
  });

  it('rejects TLS settings that are wrong, though it does not use them', () => {
    const tlsConfig = { keySecret: inCreds('key') };
    expect(rejectionsOf({ azureSDConfigs: [{ ...client, tlsConfig }] })).toEqual([
      'spec.azureSDConfigs[0].tlsConfig: has a client key without its certificate',
    ]);
  });
});
