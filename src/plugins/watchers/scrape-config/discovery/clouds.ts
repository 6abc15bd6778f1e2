import {
  flag,
  port,
  refresh,
  requiredLowerCase,
  requiredSecret,
  requiredText,
  secret,
  text,
  texts,
  textUnlessEmpty,
  translated,
} from './fields.js';
import { clientWithoutBasicAuth, wholeClient } from './client.js';
import { type SdMechanism, sdTable } from './mechanism.js';

const ovhServices = new Map([
  ['VPS', 'vps'],
  ['DedicatedServer', 'dedicated_server'],
]);

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#gce_sd_config */
export const gce = sdTable({
  list: 'gceSDConfigs',
  block: 'gce_sd_configs',
  fields: {
    project: requiredText('project'),
    zone: requiredText('zone'),
    filter: text('filter'),
    tag_separator: text('tagSeparator'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#openstack_sd_config */
export const openstack = sdTable({
  list: 'openstackSDConfigs',
  block: 'openstack_sd_configs',
  client: ['tlsConfig'],
  fields: {
    role: requiredLowerCase('role'),
    region: requiredText('region'),
    identity_endpoint: text('identityEndpoint'),
    username: text('username'),
    userid: text('userid'),
    password: secret('password'),
    domain_name: text('domainName'),
    domain_id: text('domainID'),
    project_name: text('projectName'),
    project_id: text('projectID'),
    application_credential_name: text('applicationCredentialName'),
    application_credential_id: text('applicationCredentialId'),
    application_credential_secret: secret('applicationCredentialSecret'),
    all_tenants: flag('allTenants'),
    availability: text('availability'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#digitalocean_sd_config */
export const digitalOcean = sdTable({
  list: 'digitalOceanSDConfigs',
  block: 'digitalocean_sd_configs',
  client: clientWithoutBasicAuth,
  fields: { ...port, ...refresh },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#linode_sd_config */
export const linode = sdTable({
  list: 'linodeSDConfigs',
  block: 'linode_sd_configs',
  client: clientWithoutBasicAuth,
  fields: {
    region: text('region'),
    tag_separator: text('tagSeparator'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#hetzner_sd_config */
export const hetzner = sdTable({
  list: 'hetznerSDConfigs',
  block: 'hetzner_sd_configs',
  client: wholeClient,
  fields: {
    role: requiredLowerCase('role'),
    label_selector: textUnlessEmpty('labelSelector'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#ovhcloud_sd_config */
export const ovhcloud = sdTable({
  list: 'ovhcloudSDConfigs',
  block: 'ovhcloud_sd_configs',
  fields: {
    application_key: requiredText('applicationKey'),
    application_secret: requiredSecret('applicationSecret'),
    consumer_key: requiredSecret('consumerKey'),
    service: translated('service', ovhServices),
    endpoint: text('endpoint'),
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#scaleway_sd_config */
export const scaleway = sdTable({
  list: 'scalewaySDConfigs',
  block: 'scaleway_sd_configs',
  client: ['tlsConfig', 'proxy', 'flags'],
  fields: {
    access_key: requiredText('accessKey'),
    secret_key: requiredSecret('secretKey'),
    project_id: requiredText('projectID'),
    role: requiredLowerCase('role'),
    api_url: text('apiURL'),
    zone: text('zone'),
    name_filter: text('nameFilter'),
    tags_filter: texts('tagsFilter'),
    ...port,
    ...refresh,
  },
});

const ionosTable = sdTable({
  list: 'ionosSDConfigs',
  block: 'ionos_sd_configs',
  client: clientWithoutBasicAuth,
  fields: { datacenter_id: requiredText('datacenterID'), ...port, ...refresh },
});

/**
 * OAuth 2.0 takes the place of the authorization, which the operator otherwise writes even where there is none.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#ionos_sd_config
 */
export const ionos: SdMechanism = {
  ...ionosTable,
  convert: (entry, references) => {
    const { authorization = { type: 'Bearer' }, ...others } = ionosTable.convert(entry, references);
    return 'oauth2' in others ? others : { authorization, ...others };
  },
};
