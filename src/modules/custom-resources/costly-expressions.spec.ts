import { describe, expect, it } from 'vitest';
import type { RelabelConfig, ScrapeConfig } from '../../plugin-api/index.js';
import { costlyExpressions } from './costly-expressions.js';

const jobWith = (relabel_configs: readonly RelabelConfig[]): ScrapeConfig => ({
  job_name: 'job',
  scrape_interval: '30s',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
  relabel_configs,
});

describe('expressions of custom resources', () => {
  it('may be long, as lists of names are', () => {
    const names = Array.from({ length: 5_000 }, (_, index) => `service-${String(index)}`).join('|');
    expect(costlyExpressions(jobWith([{ regex: names }, { regex: '(.+)-(.*)' }, {}]))).toEqual([]);
  });

  it('must not repeat too much, and are named with their place', () => {
    expect(costlyExpressions(jobWith([{}, { regex: '[a-z]?'.repeat(3_000) }]))).toEqual([
      'relabel_configs[1].regex: 3000 repetitions, and at most 2000 are taken',
    ]);
  });
});
