import type { ScrapeConfig } from 'target-allocator/plugin-api';
import { fakeContext, filterContract } from 'target-allocator/testing';
import { describe, expect, it } from 'vitest';
import { myNameFilter, optionsSchema } from './index.js';

const job: ScrapeConfig = {
  job_name: 'job',
  scrape_interval: '30s',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
};

// The laws that every filter keeps.
filterContract(
  { describe, it },
  myNameFilter,
  { label: '__meta_kubernetes_pod_name' },
  { jobs: [job] },
);

describe('the filter', () => {
  it('drops targets without the label', () => {
    const filter = myNameFilter.create({ label: 'team' }, fakeContext()).prepare(job);
    const labels = { __address__: 'a:1', team: 'web' };
    expect(filter(labels)).toEqual(labels);
    expect(filter({ __address__: 'a:1' })).toBeUndefined();
  });

  it('refuses options without a label', async () => {
    expect(await optionsSchema['~standard'].validate({})).toMatchObject({
      issues: [{ path: ['label'] }],
    });
  });
});
