import { list, struct } from '../../../core/document/collections.js';
import type { Cursor } from '../../../core/document/cursor.js';
import {
  bool,
  type Decoded,
  type Decoder,
  decoder,
  integer,
  nullable,
  oneOf,
  refined,
  text,
} from '../../../core/document/decoder.js';
import type {
  OtlpExporterConfig,
  PeriodicReaderConfig,
  TemporalityPreference,
} from '../allocator-config.js';
import { defaultReaderIntervalMs, defaultReaderTimeoutMs } from '../defaults.js';
import type { Environment } from '../overrides.js';

const milliseconds = nullable(integer({ min: 0n, max: 2n ** 31n - 1n }));
// An empty text is no preference in the Go allocator.
const temporality = refined(
  oneOf(['', 'cumulative', 'delta', 'low_memory'], '' as const),
  (preference): TemporalityPreference => (preference === '' ? 'cumulative' : preference),
);
const otlpFields = {
  endpoint: text,
  headers: list(struct({ name: text, value: nullable(text) })),
  temporality_preference: temporality,
};
const grpcExporter = struct({ ...otlpFields, tls: nullable(struct({ insecure: bool })) });
const httpExporter = struct(otlpFields);
const exporters = struct({ otlp_grpc: nullable(grpcExporter), otlp_http: nullable(httpExporter) });
const periodicReader = struct({
  interval: milliseconds,
  timeout: milliseconds,
  exporter: exporters,
});

type ExporterFields = Decoded<typeof grpcExporter>;

/** `telemetry.metrics.readers`: where the allocator's own metrics are sent, with `${env:…}` replaced. */
export function metricReaders(env: Environment): Decoder<readonly PeriodicReaderConfig[]> {
  return list(
    decoder((at) => {
      const reader = struct({ periodic: nullable(periodicReader) }).decode(at);
      if (reader === undefined) return undefined;
      if (reader.periodic !== undefined)
        return readerOf(reader.periodic, at.field('periodic'), env);
      at.warn('a reader without periodic sends nothing', { hint: 'add periodic or remove it' });
      return undefined;
    }),
  );
}

function readerOf(
  fields: Decoded<typeof periodicReader>,
  at: Cursor,
  env: Environment,
): PeriodicReaderConfig | undefined {
  const exporter = oneExporter(fields.exporter ?? {}, at.field('exporter'), env);
  if (exporter === undefined) return undefined;
  // Zero is "not said".
  return {
    intervalMs: Number(fields.interval ?? 0) || defaultReaderIntervalMs,
    timeoutMs: Number(fields.timeout ?? 0) || defaultReaderTimeoutMs,
    exporter,
  };
}

function oneExporter(
  { otlp_grpc: grpc, otlp_http: http }: Decoded<typeof exporters>,
  at: Cursor,
  env: Environment,
): OtlpExporterConfig | undefined {
  if (grpc !== undefined && http !== undefined) {
    at.error('otlp_grpc and otlp_http exclude each other', { hint: 'keep one of them' });
    return undefined;
  }
  if (grpc !== undefined) return exporterOf('grpc', grpc, at.field('otlp_grpc'), env);
  if (http !== undefined) return exporterOf('http', http, at.field('otlp_http'), env);
  at.error('no exporter', { hint: 'configure otlp_grpc or otlp_http', hideValue: true });
  return undefined;
}

function exporterOf(
  protocol: 'grpc' | 'http',
  fields: ExporterFields,
  at: Cursor,
  env: Environment,
): OtlpExporterConfig | undefined {
  const endpoint = expandEnv(fields.endpoint ?? '', env, at.field('endpoint'));
  if (!isEndpoint(endpoint, protocol)) {
    const hint =
      protocol === 'grpc' ? 'write host:port or a URL' : 'write a URL such as http://host:4318';
    at.field('endpoint').error(endpoint === '' ? 'no endpoint' : 'not an endpoint', { hint });
    return undefined;
  }
  const headers = (fields.headers ?? []).flatMap(({ name = '', value }, index) => {
    const place = at.field('headers').item(index);
    if (name === '') place.error('a header needs a name', { hideValue: true });
    return value === undefined
      ? []
      : [{ name, value: expandEnv(value, env, place.field('value')) }];
  });
  return {
    protocol,
    endpoint,
    headers,
    temporalityPreference: fields.temporality_preference ?? 'cumulative',
    tlsInsecure: fields.tls?.insecure ?? false,
  };
}

function isEndpoint(endpoint: string, protocol: 'grpc' | 'http'): boolean {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(endpoint)) return URL.canParse(endpoint);
  return protocol === 'grpc' && endpoint !== '' && !/\s/.test(endpoint);
}

/** Replaces `${env:NAME}`, the only form that the Go allocator knows; an unset variable is empty there, too. */
function expandEnv(value: string, env: Environment, at: Cursor): string {
  return value.replace(/\$\{env:([a-zA-Z_][a-zA-Z0-9_]*)\}/g, (_, name: string) => {
    const found = Object.hasOwn(env, name) ? env[name] : undefined;
    if (found === undefined)
      at.warn(`the environment variable ${name} is not set`, { hideValue: true });
    return found ?? '';
  });
}
