import { wholeClient } from './client.js';
import { filters, port, refresh, secret, type SdField, text } from './fields.js';
import { sdTable } from './mechanism.js';

/** The operator uses both keys or none of them. One alone must exist all the same. */
const accessKey: SdField = (entry, references) => {
  const key = secret('accessKey')(entry, references);
  return entry.field('secretKey').isPresent ? key?.reveal() : undefined;
};
const secretKey: SdField = (entry, references) => {
  const key = secret('secretKey')(entry, references);
  return entry.field('accessKey').isPresent ? key : undefined;
};
const keys = { access_key: accessKey, secret_key: secretKey };

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#ec2_sd_config */
export const ec2 = sdTable({
  list: 'ec2SDConfigs',
  block: 'ec2_sd_configs',
  client: ['proxy', 'tlsConfig', 'flags'],
  fields: {
    region: text('region'),
    ...keys,
    role_arn: text('roleARN'),
    filters: filters('filters'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#lightsail_sd_config */
export const lightsail = sdTable({
  list: 'lightSailSDConfigs',
  block: 'lightsail_sd_configs',
  client: wholeClient,
  fields: {
    region: text('region'),
    endpoint: text('endpoint'),
    ...keys,
    role_arn: text('roleARN'),
    ...port,
    ...refresh,
  },
});
