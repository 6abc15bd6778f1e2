import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';

import type { OtlpExporterConfig } from '../config/index.js';

const metricsPath = '/v1/metrics';

/** The URL that OTLP over HTTP posts to: the endpoint with `/v1/metrics`, unless it ends with that already. */
export function httpUrlOf(endpoint: string): string {
  const base = endpoint.replace(/\/+$/, '');
  return base.endsWith(metricsPath) ? base : base + metricsPath;
}

/**
 * The URL by whose scheme the gRPC exporter tells whether to use TLS. An endpoint without scheme uses it unless
 * `tls.insecure` is set; with one, only `https` does.
 */
export function grpcUrlOf({ endpoint, tlsInsecure }: OtlpExporterConfig): string {
  const [, scheme = 'https', host = endpoint] =
    /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(endpoint) ?? [];
  const isSecure = scheme.toLowerCase() === 'https' && !tlsInsecure;
  return `${isSecure ? 'https' : 'http'}://${host}`;
}

/** Host and port of an endpoint: what may be shown of it, for its path and query may hold a key. */
export function displayEndpoint(config: OtlpExporterConfig): string {
  const url = config.protocol === 'grpc' ? grpcUrlOf(config) : httpUrlOf(config.endpoint);
  return URL.canParse(url) ? new URL(url).host : config.protocol;
}

async function httpExporter(config: OtlpExporterConfig): Promise<PushMetricExporter> {
  const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-proto');
  const headers = Object.fromEntries(config.headers.map(({ name, value }) => [name, value]));
  return new OTLPMetricExporter({ url: httpUrlOf(config.endpoint), headers });
}

async function grpcExporter(config: OtlpExporterConfig): Promise<PushMetricExporter> {
  const [{ OTLPMetricExporter }, { Metadata }] = await Promise.all([
    import('@opentelemetry/exporter-metrics-otlp-grpc'),
    import('@grpc/grpc-js'),
  ]);
  const metadata = new Metadata();
  for (const { name, value } of config.headers) metadata.set(name, value);
  return new OTLPMetricExporter({ url: grpcUrlOf(config), metadata });
}

/** Makes the exporter that is configured. Its packages are loaded only now: most allocators export nothing. */
export function createOtlpExporter(config: OtlpExporterConfig): Promise<PushMetricExporter> {
  return config.protocol === 'grpc' ? grpcExporter(config) : httpExporter(config);
}
