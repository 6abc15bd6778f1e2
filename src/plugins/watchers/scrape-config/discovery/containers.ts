import { wholeClient } from './client.js';
import { filters, flag, port, refresh, requiredLowerCase, text } from './fields.js';
import { sdTable } from './mechanism.js';
import { url } from './urls.js';

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#docker_sd_config */
export const docker = sdTable({
  list: 'dockerSDConfigs',
  block: 'docker_sd_configs',
  client: wholeClient,
  fields: {
    host: url('host'),
    host_networking_host: text('hostNetworkingHost'),
    match_first_network: flag('matchFirstNetwork'),
    filters: filters('filters'),
    ...port,
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#dockerswarm_sd_config */
export const dockerSwarm = sdTable({
  list: 'dockerSwarmSDConfigs',
  block: 'dockerswarm_sd_configs',
  client: wholeClient,
  fields: {
    host: url('host'),
    role: requiredLowerCase('role'),
    filters: filters('filters'),
    ...port,
    ...refresh,
  },
});
