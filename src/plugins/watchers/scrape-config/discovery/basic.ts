import { userMap } from '../../generator/document-fields.js';
import { wholeClient } from './client.js';
import { anyTexts, port, refresh, requiredTexts, type SdField, text } from './fields.js';
import { type SdMechanism, sdTable } from './mechanism.js';
import { url } from './urls.js';

const labels: SdField = (entry) => {
  const written = entry.field('labels').textMap();
  if (written.some(([name]) => name === '')) {
    entry.field('labels').reject('a label name must not be empty');
  }
  return userMap(written);
};

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#static_config */
export const staticTargets = sdTable({
  list: 'staticConfigs',
  block: 'static_configs',
  fields: { targets: anyTexts('targets'), labels },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#file_sd_config */
export const file = sdTable({
  list: 'fileSDConfigs',
  block: 'file_sd_configs',
  fields: { files: requiredTexts('files'), ...refresh },
});

/** @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#http_sd_config */
export const http = sdTable({
  list: 'httpSDConfigs',
  block: 'http_sd_configs',
  client: wholeClient,
  fields: { url: url('url'), ...refresh },
});

const dnsTable = sdTable({
  list: 'dnsSDConfigs',
  block: 'dns_sd_configs',
  fields: { names: requiredTexts('names'), type: text('type'), ...port, ...refresh },
});

/**
 * Only records of type SRV, which is the default, have a port of their own.
 *
 * @see https://prometheus.io/docs/prometheus/3.14/configuration/configuration/#dns_sd_config
 */
export const dns: SdMechanism = {
  ...dnsTable,
  convert: (entry, references) => {
    const type = entry.field('type').text() ?? 'SRV';
    if (type !== 'SRV' && !entry.field('port').isPresent) {
      entry.field('port').reject(`is required for records of type ${type}`);
    }
    return dnsTable.convert(entry, references);
  },
};
