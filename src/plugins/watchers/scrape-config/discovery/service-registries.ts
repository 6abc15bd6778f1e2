import { wholeClient } from './client.js';
import {
  duration,
  flag,
  lowerCase,
  port,
  refresh,
  requiredText,
  secret,
  text,
  textMap,
  textUnlessEmpty,
  texts,
} from './fields.js';
import { sdTable } from './mechanism.js';
import { serverUrl, webUrl } from './urls.js';

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#consul_sd_config */
export const consul = sdTable({
  list: 'consulSDConfigs',
  block: 'consul_sd_configs',
  client: wholeClient,
  fields: {
    server: requiredText('server'),
    path_prefix: text('pathPrefix'),
    token: secret('tokenRef'),
    datacenter: text('datacenter'),
    namespace: text('namespace'),
    partition: text('partition'),
    scheme: lowerCase('scheme'),
    services: texts('services'),
    tags: texts('tags'),
    tag_separator: text('tagSeparator'),
    node_meta: textMap('nodeMeta'),
    filter: text('filter'),
    health_filter: text('healthFilter'),
    allow_stale: flag('allowStale'),
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#eureka_sd_config */
export const eureka = sdTable({
  list: 'eurekaSDConfigs',
  block: 'eureka_sd_configs',
  client: wholeClient,
  fields: { server: textUnlessEmpty('server'), ...refresh },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#kuma_sd_config */
export const kuma = sdTable({
  list: 'kumaSDConfigs',
  block: 'kuma_sd_configs',
  client: wholeClient,
  fields: {
    server: serverUrl('server'),
    client_id: text('clientID'),
    fetch_timeout: duration('fetchTimeout'),
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#nomad_sd_config */
export const nomad = sdTable({
  list: 'nomadSDConfigs',
  block: 'nomad_sd_configs',
  client: wholeClient,
  fields: {
    server: serverUrl('server'),
    namespace: text('namespace'),
    region: text('region'),
    tag_separator: text('tagSeparator'),
    allow_stale: flag('allowStale'),
    ...refresh,
  },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#puppetdb_sd_config */
export const puppetdb = sdTable({
  list: 'puppetDBSDConfigs',
  block: 'puppetdb_sd_configs',
  client: wholeClient,
  fields: {
    url: webUrl('url'),
    query: requiredText('query'),
    include_parameters: flag('includeParameters'),
    ...port,
    ...refresh,
  },
});
