import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../document/cursor.js';
import { readDocument } from '../document/read-document.js';
import { DecodedJobs } from './decoded-jobs.js';
import { type DecodeOptions, decodePrometheusConfig } from './prometheus-config.js';

function decode(text: string, options: Partial<DecodeOptions> = {}) {
  const at = Cursor.ofDocument(readDocument(text, { file: 'a.yaml' }));
  return decodePrometheusConfig(at, { mechanisms: new Map(), ...options });
}

/** What each of two documents, read one after the other, has for its jobs. */
function jobsOf(former: string, present: string, options: Partial<DecodeOptions> = {}) {
  const decodedJobs = new DecodedJobs();
  return [former, present].map((text) => {
    const { config, problems } = decode(text, { ...options, decodedJobs });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    return config?.scrape_configs ?? [];
  });
}

const a = '- job_name: a\n  static_configs:\n  - targets: [x]\n';
const b = '- job_name: b\n  metrics_path: /b\n';

describe('DecodedJobs', () => {
  it.each([
    [
      'in block style',
      `scrape_configs:\n${a}${b}`,
      `scrape_configs:\n${b.replace('/b', '/c')}${a}`,
    ],
    [
      'in JSON',
      '{"scrape_configs":[{"job_name":"a"},{"job_name":"b"}]}',
      '{"scrape_configs":[{"job_name":"bc"},{"job_name":"a"}]}',
    ],
  ])('gives the same object for a job that is written as before, %s', (_, former, present) => {
    const [before = [], after = []] = jobsOf(former, present);
    expect(after[1]).toBe(before[0]);
    expect(after[0]).not.toBe(before[1]);
  });

  it('decodes every job again when another global section stands above them', () => {
    const global = (interval: string) =>
      `global: {scrape_interval: ${interval}}\nscrape_configs:\n`;
    const [before = [], after = []] = jobsOf(global('10s') + a, global('20s') + a);
    expect(before[0]?.scrape_interval).toBe('10s');
    expect(after[0]?.scrape_interval).toBe('20s');
  });

  it('says what is wrong with a job again as long as it is', () => {
    const decodedJobs = new DecodedJobs();
    const text = `scrape_configs:\n${a}  unknown: 1\n`;
    const first = decode(text, { decodedJobs });
    expect(first.problems).toHaveLength(1);
    expect(decode(text, { decodedJobs }).problems).toEqual(first.problems);
  });

  it('refuses a job that is written twice, though the first is known', () => {
    const decodedJobs = new DecodedJobs();
    decode(`scrape_configs:\n${a}`, { decodedJobs });
    const { problems } = decode(`scrape_configs:\n${a}${a}`, { decodedJobs });
    expect(problems[0]?.message).toContain('multiple scrape configs with job name "a"');
  });

  it('asks the plugin of a mechanism again, since it may look at more than what is written', () => {
    let asked = 0;
    const consul = () => {
      asked += 1;
      return { value: { asked } };
    };
    const text = 'scrape_configs:\n- job_name: a\n  consul_sd_configs: [{server: x}]\n';
    const [before = [], after = []] = jobsOf(text, text, {
      mechanisms: new Map([['consul', consul]]),
    });
    expect(before[0]?.['consul_sd_configs']).toEqual([{ asked: 1 }]);
    expect(after[0]?.['consul_sd_configs']).toEqual([{ asked: 2 }]);
  });

  it('gives what a fresh reading gives, whatever was read before', { timeout: 30_000 }, () => {
    const lines = fc.constantFrom(
      ...['  - job_name: a', '  - job_name: b', '    metrics_path: /c', '    static_configs:', ''],
      ...[
        '    - targets: [x]',
        '      - targets: [x]',
        '      labels: {l: v}',
        '# why',
        '  honor: 1',
      ],
      ...[
        '      job_name: a',
        '    scheme: https # c',
        '  - {job_name: c, scheme: x}',
        '- job_name: a',
      ],
    );
    const documents = fc
      .array(lines, { maxLength: 9 })
      .map((written) => ['scrape_configs:', ...written].join('\n'));
    fc.assert(
      fc.property(fc.array(documents, { minLength: 2, maxLength: 4 }), (texts) => {
        const decodedJobs = new DecodedJobs();
        for (const text of texts) expect(decode(text, { decodedJobs })).toEqual(decode(text));
      }),
      { numRuns: 100 },
    );
  });
});
