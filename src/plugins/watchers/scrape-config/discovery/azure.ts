import type { SpecValue } from '../../generator/spec-value.js';
import { tlsConfig } from '../../generator/tls.js';
import { clientFields } from './client.js';
import { port, refresh, secret, text, textUnlessEmpty } from './fields.js';
import { type SdMechanism, sdTable } from './mechanism.js';

/** The ways to authenticate that need no client of the author's. */
const methodsWithoutClient = ['ManagedIdentity', 'SDK', 'WorkloadIdentity'];

const table = sdTable({
  list: 'azureSDConfigs',
  block: 'azure_sd_configs',
  fields: {
    environment: text('environment'),
    authentication_method: text('authenticationMethod'),
    subscription_id: textUnlessEmpty('subscriptionID'),
    tenant_id: text('tenantID'),
    client_id: text('clientID'),
    client_secret: secret('clientSecret'),
    resource_group: text('resourceGroup'),
    ...port,
    ...refresh,
  },
});

/**
 * The operator takes only some of the settings of the HTTP client, and loses those when an environment is named.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#azure_sd_config
 */
export const azure: SdMechanism = {
  ...table,
  convert: (entry, references) => {
    const method = entry.field('authenticationMethod').text() ?? '';
    if (!methodsWithoutClient.includes(method)) {
      for (const name of ['tenantID', 'clientID', 'clientSecret']) requireFilled(entry.field(name));
      // Checked, though it is not used.
      tlsConfig(entry.field('tlsConfig'), references);
    }
    const client = clientFields(
      ['basicAuth', 'authorization', 'oauth2', 'proxy'],
      entry,
      references,
    );
    return {
      ...(entry.field('environment').isPresent ? {} : client),
      ...table.convert(entry, references),
    };
  },
};

function requireFilled(at: SpecValue): void {
  if (!at.isPresent || at.value === '') at.reject('is required by the authentication method OAuth');
}
