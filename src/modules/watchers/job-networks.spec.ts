import { describe, expect, it } from 'vitest';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { JobNetworks } from './job-networks.js';

const job: ScrapeConfig = {
  job_name: 'a',
  scrape_interval: '1m',
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
};

describe('the networks of a job', () => {
  it('are restricted for all that is not in the configuration file, by object and not by name', () => {
    const networks = new JobNetworks();
    const ofResource = { ...job };
    networks.free([job]);
    networks.deny(['169.254.0.0/16']);
    expect(networks.of(job)).toBeUndefined();
    expect(networks.of(ofResource)?.identity).toBe('169.254.0.0/16');
  });

  it('are the same object as long as the same is denied, and none where nothing is', () => {
    const networks = new JobNetworks();
    networks.deny(['10.0.0.0/8', 'fe80::/10']);
    const before = networks.of(job);
    networks.deny(['fe80::/10', '10.0.0.0/8']);
    expect(networks.of(job)).toBe(before);
    networks.deny([]);
    expect(networks.of(job)).toBeUndefined();
  });
});
