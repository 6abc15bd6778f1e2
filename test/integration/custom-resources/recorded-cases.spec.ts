import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import {
  decodeScrapeConfig,
  defaultGlobalConfig,
  renderScrapeConfig,
} from '../../../src/core/scrape-config/index.js';
import type {
  CustomResource,
  PrometheusSpec,
  ScrapeProtocol,
} from '../../../src/plugin-api/index.js';
import { podMonitor, probe, serviceMonitor } from '../../../src/plugins/watchers/index.js';
import {
  lookupOf,
  optionsOf,
  resourceOf,
} from '../../../src/plugins/watchers/testing/conversions.js';

const folder = new URL('../../conformance/cases/custom-resources/', import.meta.url);
const cases = [
  'pm-end-to-end',
  'pm-fields',
  'probe-static',
  'protocols-and-interval-defaults',
  'sm-auth-from-secrets',
  'sm-end-to-end',
  'sm-fs-access-allowed',
  'sm-minimal',
  'sm-missing-secret-beside-valid',
];
const defaultProtocols: readonly ScrapeProtocol[] = [
  'OpenMetricsText1.0.0',
  'OpenMetricsText0.0.1',
  'PrometheusText1.0.0',
  'PrometheusText0.0.4',
];

interface RecordedCase {
  readonly config: {
    readonly prometheus_cr: {
      readonly scrape_interval?: string;
      readonly scrape_protocols?: readonly ScrapeProtocol[];
    };
  };
  readonly objects: readonly {
    readonly kind: string;
    readonly metadata: { readonly namespace: string; readonly name: string };
    readonly spec?: Readonly<Record<string, unknown>>;
    readonly stringData?: Readonly<Record<string, string>>;
  }[];
}
interface Recording {
  readonly recordings: readonly {
    readonly endpoints: Readonly<
      Record<string, { readonly body: Readonly<Record<string, unknown>> }>
    >;
  }[];
}

const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** The jobs of all resources of a case, as an answer shows them. */
function jobsOf(name: string): Readonly<Record<string, unknown>> {
  const { config, objects } = parse(read(`${name}/case.yaml`)) as RecordedCase;
  const { scrape_interval = '30s', scrape_protocols = defaultProtocols } = config.prometheus_cr;
  const spec: Partial<PrometheusSpec> = {
    scrapeInterval: scrape_interval,
    scrapeProtocols: scrape_protocols,
  };
  const options = optionsOf(spec, '${KUBECONFIG}');
  const kinds = new Map<string, CustomResource>(
    [serviceMonitor(options), podMonitor(options), probe(options)].map((kind) => [kind.kind, kind]),
  );
  const secrets = objects.flatMap(({ metadata, stringData = {} }) =>
    Object.entries(stringData).map(
      ([key, text]) => [`${metadata.namespace}/${metadata.name}/${key}`, text] as const,
    ),
  );
  const documents = objects.flatMap((object) => {
    const kind = kinds.get(object.kind);
    if (kind === undefined) return [];
    const resource = resourceOf(kind, withCrdDefaults(object.kind, object.spec), object.metadata);
    return kind.convert(resource, lookupOf(Object.fromEntries(secrets))).configs;
  });
  return Object.fromEntries(documents.map((document) => [document.job_name, shown(document)]));
}

/** What the API server fills in for itself. */
function withCrdDefaults(kind: string, spec: Readonly<Record<string, unknown>> = {}): unknown {
  if (kind !== 'Probe') return spec;
  const prober = spec['prober'] as Readonly<Record<string, unknown>>;
  return { ...spec, prober: { path: '/probe', ...prober } };
}

function shown(document: unknown): unknown {
  const mechanisms = new Map();
  const { config, problems } = decodeScrapeConfig(document, defaultGlobalConfig, {
    mechanisms,
    origin: 'test',
    unknownMechanisms: 'keep',
  });
  if (config === undefined) throw new Error(JSON.stringify(problems));
  return JSON.parse(renderScrapeConfig(config, { secrets: 'mask' }));
}

describe('the jobs of custom resources', () => {
  it.each(cases)('are those that the Go allocator served: %s', (name) => {
    const { recordings } = JSON.parse(read(`${name}/expected.json`)) as Recording;
    const expected = recordings[0]?.endpoints['/scrape_configs']?.body ?? {};
    expect(Object.keys(expected).length).toBeGreaterThan(0);
    expect(jobsOf(name)).toEqual(expected);
  });
});
