import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { ConfigSources } from '../overrides.js';
import { minimalConfig, WrittenConfig } from '../testing/written-config.js';

let written: WrittenConfig;
beforeEach(async () => {
  written = await WrittenConfig.create();
});
afterEach(() => written.remove());

const load = (text: string, given?: Partial<ConfigSources>) => written.load(text, given);
const loaded = (text: string, given?: Partial<ConfigSources>) => written.loaded(text, given);
const refused = (text: string, given?: Partial<ConfigSources>) => written.refused(text, given);

describe('telemetry readers', () => {
  const readers = (text: string) =>
    `${minimalConfig}telemetry: {metrics: {readers: [{periodic: ${text}}]}}\n`;

  it('reads them with their defaults and the environment', async () => {
    const config = await loaded(
      readers(
        '{exporter: {otlp_grpc: {endpoint: "${env:HOST}:4317", headers: [{name: k, value: "Bearer ${env:TOKEN}$1"}, {name: none, value: null}], tls: {insecure: true}}}}',
      ),
      { env: { HOST: 'collector', TOKEN: 't0p' } },
    );
    expect(config.metricReaders).toEqual([
      {
        intervalMs: 60_000,
        timeoutMs: 30_000,
        exporter: {
          protocol: 'grpc',
          endpoint: 'collector:4317',
          headers: [{ name: 'k', value: 'Bearer t0p$1' }],
          temporalityPreference: 'cumulative',
          tlsInsecure: true,
        },
      },
    ]);
    const http = await loaded(
      readers(
        '{interval: 500, timeout: 100, exporter: {otlp_http: {endpoint: "http://c:4318", temporality_preference: low_memory}}}',
      ),
    );
    expect(http.metricReaders[0]).toMatchObject({
      intervalMs: 500,
      timeoutMs: 100,
      exporter: { protocol: 'http', temporalityPreference: 'low_memory' },
    });
  });

  it('never shows the value of a variable', async () => {
    const { lines } = await load(
      readers(
        '{exporter: {otlp_http: {endpoint: "${env:TOKEN}", headers: [{name: k, value: "${env:NONE}"}]}}}',
      ),
      { env: { TOKEN: 'hunter2' } },
    );
    expect(lines.join()).toContain('not an endpoint');
    expect(lines.join()).not.toContain('hunter2');
  });

  it.each([
    ['{exporter: {}}', 'no exporter'],
    ['{exporter: {otlp_grpc: {endpoint: a}, otlp_http: {endpoint: b}}}', 'exclude each other'],
    ['{exporter: {otlp_grpc: {}}}', 'no endpoint'],
    ['{exporter: {otlp_http: {endpoint: "host:4318"}}}', 'not an endpoint'],
    [
      '{exporter: {otlp_grpc: {endpoint: a, temporality_preference: fast}}}',
      'unknown value, got "fast"',
    ],
    ['{interval: -1, exporter: {otlp_grpc: {endpoint: a}}}', 'periodic.interval'],
  ])('refuses %s', async (reader, problem) => {
    expect(await refused(readers(reader))).toContain(problem);
  });
});
