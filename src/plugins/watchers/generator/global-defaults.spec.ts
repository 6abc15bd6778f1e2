import { describe, expect, it } from 'vitest';
import type { PrometheusSpec } from '../../../plugin-api/index.js';
import { optionsOf } from '../testing/conversions.js';
import { withGlobalDefaults } from './global-defaults.js';

const specOf = (spec: Partial<PrometheusSpec>) => optionsOf(spec).spec;
const timesOf = (job: object, spec: Partial<PrometheusSpec>) => {
  const { scrape_interval, scrape_timeout } = withGlobalDefaults({ ...job }, specOf(spec));
  return [scrape_interval, scrape_timeout];
};

describe('what jobs inherit', () => {
  it('has the interval for all, and a timeout that fits into it', () => {
    expect(timesOf({}, {})).toEqual(['30s', '10s']);
    expect(timesOf({}, { scrapeInterval: '5s' })).toEqual(['5s', '5s']);
    expect(timesOf({}, { scrapeTimeout: '20s' })).toEqual(['30s', '20s']);
    expect(timesOf({}, { scrapeTimeout: '0s' })).toEqual(['30s', '10s']);
  });

  it('cuts the timeout for all to the interval of a job', () => {
    expect(timesOf({ scrape_interval: '3s' }, { scrapeTimeout: '20s' })).toEqual(['3s', '3s']);
    expect(timesOf({ scrape_interval: '1m' }, { scrapeInterval: '5s' })).toEqual(['1m', '5s']);
    expect(timesOf({ scrape_interval: '1m', scrape_timeout: '40s' }, {})).toEqual(['1m', '40s']);
  });

  it('takes a duration of nothing for none', () => {
    expect(timesOf({ scrape_interval: '0s', scrape_timeout: '0' }, {})).toEqual(['30s', '10s']);
  });

  it('leaves what is no duration to be refused', () => {
    expect(timesOf({ scrape_interval: 'soon' }, {})).toEqual(['soon', '10s']);
  });

  it('has limits for who has none, the enforced ones before the others', () => {
    const spec = specOf({
      sampleLimit: 10,
      enforcedSampleLimit: 5,
      targetLimit: 3,
      enforcedLabelLimit: 7,
      keepDroppedTargets: 0,
      enforcedBodySizeLimit: '1MB',
    });
    expect(withGlobalDefaults({ target_limit: 4, label_limit: 0 }, spec)).toMatchObject({
      sample_limit: 5,
      target_limit: 4,
      label_limit: 7,
      body_size_limit: '1MB',
    });
    expect(withGlobalDefaults({}, spec)).not.toHaveProperty('keep_dropped_targets');
    expect(withGlobalDefaults({ body_size_limit: '0' }, spec)['body_size_limit']).toBe('1MB');
    expect(withGlobalDefaults({ body_size_limit: '2MB' }, spec)['body_size_limit']).toBe('2MB');
  });

  it('has an escaping that goes with the validation of names', () => {
    const schemesOf = (spec: Partial<PrometheusSpec>, job: object = {}) => {
      const all = withGlobalDefaults({ ...job }, specOf(spec));
      return [all['metric_name_validation_scheme'], all['metric_name_escaping_scheme']];
    };
    expect(schemesOf({})).toEqual([undefined, undefined]);
    expect(schemesOf({ nameValidationScheme: 'Legacy' })).toEqual(['legacy', 'underscores']);
    expect(schemesOf({ nameValidationScheme: 'UTF8' })).toEqual(['utf8', 'allow-utf-8']);
    expect(schemesOf({ nameEscapingScheme: 'Dots' })).toEqual([undefined, 'dots']);
    const own = { metric_name_validation_scheme: 'legacy' };
    expect(schemesOf({ nameEscapingScheme: 'AllowUTF8' }, own)).toEqual(['legacy', undefined]);
    const empty = { metric_name_validation_scheme: '', metric_name_escaping_scheme: '' };
    expect(schemesOf({ nameValidationScheme: 'Legacy' }, empty)).toEqual(['legacy', 'underscores']);
  });

  it('has histograms and protocols as laid down for all', () => {
    const spec = specOf({
      scrapeNativeHistograms: true,
      scrapeClassicHistograms: true,
      convertClassicHistogramsToNHCB: false,
      scrapeProtocols: ['PrometheusProto'],
    });
    expect(withGlobalDefaults({ scrape_native_histograms: false }, spec)).toMatchObject({
      scrape_native_histograms: false,
      always_scrape_classic_histograms: true,
      convert_classic_histograms_to_nhcb: false,
      scrape_protocols: ['PrometheusProto'],
    });
  });
});
