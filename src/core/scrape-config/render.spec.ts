import { describe, expect, it } from 'vitest';
import { Cursor } from '../document/cursor.js';
import { readDocument } from '../document/read-document.js';
import { decodePrometheusConfig, refusedByCollector, renderScrapeConfig } from './index.js';
import type { ScrapeConfig } from './model.js';

const mechanisms = new Map([
  ['kubernetes', undefined],
  ['zoo', undefined],
]);

/** The only job of a document that must be right. */
function jobOf(yaml: string): ScrapeConfig {
  const at = Cursor.ofDocument(readDocument(yaml, { file: 'a.yaml' }));
  const { config, problems } = decodePrometheusConfig(at, { mechanisms });
  expect([...at.problems, ...problems]).toEqual([]);
  const [job] = config?.scrape_configs ?? [];
  if (job === undefined) throw new Error('there is no job');
  return job;
}

const job = (fields: string): string => `scrape_configs:\n- {job_name: a, ${fields}}\n`;

describe('rendering', () => {
  const secrets = jobOf(
    job(
      'basic_auth: {username: u, password: hunter2}, proxy_url: "http://u:hunter3@p", ' +
        'proxy_connect_header: {X: [hunter4, ""]}, http_headers: {A: {values: [v], secrets: [hunter5]}}, ' +
        'kubernetes_sd_configs: [{role: pod, api_server: "https://u:hunter6@k"}]',
    ),
  );

  it('masks secrets, and passwords of URLs for everybody', () => {
    const masked = renderScrapeConfig(secrets, { secrets: 'mask' });
    expect(masked).not.toContain('hunter');
    expect(JSON.parse(masked)).toMatchObject({
      basic_auth: { username: 'u', password: '<secret>' },
      proxy_url: 'http://u:xxxxx@p',
      proxy_connect_header: { X: ['<secret>', null] },
      http_headers: { A: { values: ['v'], secrets: ['<secret>'] } },
      kubernetes_sd_configs: [{ api_server: 'https://u:xxxxx@k' }],
    });
    const revealed = renderScrapeConfig(secrets, { secrets: 'reveal' });
    expect(revealed.match(/hunter\d/g)).toEqual(['hunter2', 'hunter5', 'hunter4']);
  });

  it('shows no secret when the job is serialised by accident', () => {
    const withoutUrls = { ...secrets, proxy_url: '', kubernetes_sd_configs: [] };
    expect(JSON.stringify(withoutUrls)).not.toContain('hunter');
  });

  it('gives the same bytes whatever the order of keys', () => {
    const one = jobOf(job('params: {b: [x], a: [y]}, scheme: https'));
    const other = jobOf('scrape_configs: [{scheme: https, params: {a: [y], b: [x]}, job_name: a}]');
    const options = { secrets: 'mask' } as const;
    expect(renderScrapeConfig(one, options)).toBe(renderScrapeConfig(other, options));
  });

  it('escapes what JSON lets pass and the YAML reader of collectors refuses', () => {
    const rendered = renderScrapeConfig(jobOf(job('params: {a: ["\\x7f\\x85\\u2028😀"]}')), {
      secrets: 'mask',
    });
    expect(rendered).toContain('"\\u007f\\u0085\\u2028😀"');
  });

  it('keeps a modulus beyond 2^53 exact', () => {
    const rules =
      'relabel_configs: [{action: hashmod, target_label: x, modulus: 18446744073709551615}]';
    expect(renderScrapeConfig(jobOf(job(rules)), { secrets: 'mask' })).toContain(
      '"modulus":18446744073709551615,',
    );
  });
});

describe('refusedByCollector', () => {
  it('takes what can be decoded once more', () => {
    expect(
      refusedByCollector(jobOf(job('zoo_sd_configs: [{a: 1}], sample_limit: 5'))),
    ).toBeUndefined();
  });

  it.each([
    ['static_configs: [{targets: [], labels: {~: x}}]', 'static_configs[0].labels[""]'],
    ['body_size_limit: -1.5KB', 'body_size_limit'],
    ['native_histogram_min_bucket_factor: .inf', 'native_histogram_min_bucket_factor'],
    [`params: {"${'a'.repeat(1001)}": [x]}`, 'a key of more than 1000 characters'],
  ])('says why a job is refused: %s', (fields, reason) => {
    expect(refusedByCollector(jobOf(job(fields)))).toContain(reason);
  });

  it('refuses a job that was never decoded when a collector would', () => {
    const broken = { ...jobOf(job('')), scrape_timeout: '2m' };
    expect(refusedByCollector(broken)).toContain('scrape_timeout');
  });
});
