import type { PrometheusSpec } from '../../../plugin-api/index.js';
import { authorization } from '../generator/authorization.js';
import { basicAuth } from '../generator/basic-auth.js';
import { type DocumentFields, present, userMap } from '../generator/document-fields.js';
import { honorLabels, honorTimestamps } from '../generator/honor.js';
import { intervalFields } from '../generator/intervals.js';
import { bodySizeLimit, limitFields } from '../generator/limits.js';
import { nativeHistogramFields } from '../generator/native-histograms.js';
import { oauth2 } from '../generator/oauth2.js';
import { proxyFields } from '../generator/proxy.js';
import type { References } from '../generator/references.js';
import type { ScrapeClass } from '../generator/scrape-class.js';
import { protocolFields } from '../generator/scrape-protocols.js';
import type { SpecValue } from '../generator/spec-value.js';
import { tlsConfig } from '../generator/tls.js';

const escapingSchemes = new Map([
  ['AllowUTF8', 'allow-utf-8'],
  ['Underscores', 'underscores'],
  ['Dots', 'dots'],
  ['Values', 'values'],
]);

/** What a ScrapeConfig says of scraping, as fields of the job. */
export function scrapeFields(spec: SpecValue, prometheus: PrometheusSpec): DocumentFields {
  const parameters = spec.field('params').entries();
  return {
    ...honorFields(spec, prometheus),
    ...present({
      track_timestamps_staleness: spec.field('trackTimestampsStaleness').bool(),
      metrics_path: spec.field('metricsPath').text(),
      enable_compression: spec.field('enableCompression').bool(),
      enable_http2: spec.field('enableHTTP2').bool(),
      scheme: spec.field('scheme').text()?.toLowerCase(),
      metric_name_validation_scheme: spec.field('nameValidationScheme').text()?.toLowerCase(),
      metric_name_escaping_scheme: escapingSchemes.get(
        spec.field('nameEscapingScheme').text() ?? '',
      ),
      params:
        parameters.length === 0
          ? undefined
          : userMap(parameters.map(([name, values]) => [name, values.texts()] as const)),
    }),
    ...timeFields(spec, prometheus),
    ...limitFields(spec, prometheus),
    ...bodySizeLimit(spec.field('bodySizeLimit'), prometheus),
    ...nativeHistogramFields(spec),
  };
}

/** How a ScrapeConfig's targets are spoken to, as fields of the job. */
export function connectionFields(
  spec: SpecValue,
  scrapeClass: ScrapeClass,
  references: References,
): DocumentFields {
  return {
    ...protocolFields(spec, scrapeClass),
    ...proxyFields(spec, references),
    ...present({
      basic_auth: basicAuth(spec.field('basicAuth'), references),
      authorization: authorization(spec.field('authorization'), references, scrapeClass),
      oauth2: oauth2(spec.field('oauth2'), references),
      tls_config: tlsConfig(spec.field('tlsConfig'), references, { scrapeClass }),
    }),
  };
}

/** Other than with monitors, what the administrator overrides counts only where the resource says something. */
function honorFields(spec: SpecValue, prometheus: PrometheusSpec): DocumentFields {
  const labels = spec.field('honorLabels').bool();
  const timestamps = spec.field('honorTimestamps').bool();
  return {
    ...(labels === undefined ? {} : honorLabels(labels, prometheus)),
    ...(timestamps === undefined ? {} : honorTimestamps(timestamps, prometheus)),
  };
}

/** Other than with monitors, an empty text is no absent one. */
function timeFields(spec: SpecValue, { scrapeInterval }: PrometheusSpec): DocumentFields {
  const interval = spec.field('scrapeInterval');
  const timeout = spec.field('scrapeTimeout');
  for (const at of [interval, timeout]) {
    if (at.text() === '') at.reject('must not be empty');
  }
  return intervalFields({ interval, timeout }, scrapeInterval);
}
