import { describe, expect, it } from 'vitest';
import { toEnd } from '../../core/document/steps.js';
import { decodeScrapeConfig, defaultGlobalConfig } from '../../core/scrape-config/index.js';
import type { ScrapeConfig, TargetFilter } from '../../plugin-api/index.js';
import { engineJobs } from './engine-job.js';

function job(name: string): ScrapeConfig {
  const { config } = decodeScrapeConfig({ job_name: name }, defaultGlobalConfig, {
    mechanisms: new Map(),
    origin: 'a test',
  });
  if (config === undefined) throw new TypeError('a bad job');
  return config;
}

describe('the jobs of the engine', () => {
  const prepared: string[] = [];
  const filter: TargetFilter = {
    prepare: ({ job_name }) => {
      prepared.push(job_name);
      return (labels) => labels;
    },
  };

  it('are prepared when they have targets, and again only when they have changed', () => {
    const a = job('a');
    const providers = new Map([
      ['a', ['p']],
      ['b', ['p']],
    ]);
    const runAll = (configs: readonly ScrapeConfig[]): void => {
      const byName = new Map(configs.map((config) => [config.job_name, config]));
      const jobs = toEnd(engineJobs(providers, byName, filter));
      if (jobs.length === 2) for (const { filter: made } of jobs) made?.run({});
    };
    toEnd(engineJobs(providers, new Map([['a', a]]), filter));
    expect(prepared).toEqual([]);
    runAll([a, job('b')]);
    runAll([a, job('b')]);
    expect(prepared).toEqual(['a', 'b', 'b']);
  });
});
