import { type DocumentFields, present } from './document-fields.js';
import { quantity } from './quantity.js';
import type { SpecValue } from './spec-value.js';

/** What a resource says about native histograms. */
export function nativeHistogramFields(at: SpecValue): DocumentFields {
  return present({
    scrape_native_histograms: at.field('scrapeNativeHistograms').bool(),
    native_histogram_bucket_limit: at.field('nativeHistogramBucketLimit').whole(),
    native_histogram_min_bucket_factor: factor(at.field('nativeHistogramMinBucketFactor')),
    always_scrape_classic_histograms: at.field('scrapeClassicHistograms').bool(),
    convert_classic_histograms_to_nhcb: at.field('convertClassicHistogramsToNHCB').bool(),
  });
}

function factor(at: SpecValue): number | undefined {
  if (!at.isPresent) return undefined;
  const { value } = at;
  const number =
    typeof value === 'string' || typeof value === 'number' ? quantity(String(value)) : undefined;
  if (number === undefined) at.reject('must be a quantity like 1.1 or 1100m');
  return number;
}
