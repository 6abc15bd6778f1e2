import { describe, expect, it } from 'vitest';
import type { ScrapeConfig } from '../../core/scrape-config/model.js';
import { mergeScrapeConfigs } from './merge-scrape-configs.js';

const job = (job_name: string, scrape_interval = '1m'): ScrapeConfig => ({
  job_name,
  scrape_interval,
  scrape_timeout: '10s',
  metrics_path: '/metrics',
  scheme: 'http',
  follow_redirects: true,
  enable_http2: true,
});
const accepted = (): undefined => undefined;

describe('merging the scrape configs of all sources', () => {
  it('keeps every job of every source, sorted by name', () => {
    const merged = mergeScrapeConfigs(
      [
        { source: 'file', configs: [job('z'), job('a')] },
        { source: 'monitors', configs: [job('m')] },
      ],
      new Map(),
      accepted,
    );
    expect([...merged.configs.keys()]).toEqual(['a', 'm', 'z']);
    expect(merged.heldBack.size).toBe(0);
  });

  it('takes the job of the earlier source when two have one name, and says so', () => {
    const merged = mergeScrapeConfigs(
      [
        { source: 'file', configs: [job('same', '1m')] },
        { source: 'monitors', configs: [job('same', '5m')] },
      ],
      new Map(),
      accepted,
    );
    expect(merged.configs.get('same')?.scrape_interval).toBe('1m');
    expect(merged.heldBack.get('same')).toBe(
      'monitors has a job of this name too, and that of file counts',
    );
  });

  it('holds back a job that a collector would refuse, without touching its neighbours', () => {
    const merged = mergeScrapeConfigs(
      [{ source: 'file', configs: [job('good'), job('bad')] }],
      new Map(),
      (config) => (config.job_name === 'bad' ? 'timeout above interval' : undefined),
    );
    expect([...merged.configs.keys()]).toEqual(['good']);
    expect(merged.heldBack.get('bad')).toBe('timeout above interval');
  });

  it('serves the last good version of a job whose new version is held back', () => {
    const former = job('bad', '1m');
    const merged = mergeScrapeConfigs(
      [{ source: 'file', configs: [job('bad', '9m')] }],
      new Map([['bad', former]]),
      () => 'no',
    );
    expect(merged.configs.get('bad')).toBe(former);
    expect(merged.heldBack.has('bad')).toBe(true);
  });

  it('forgets a held back job when its source does', () => {
    const merged = mergeScrapeConfigs(
      [{ source: 'file', configs: [] }],
      new Map([['bad', job('bad')]]),
      () => 'no',
    );
    expect(merged.configs.size).toBe(0);
    expect(merged.heldBack.size).toBe(0);
  });
});
