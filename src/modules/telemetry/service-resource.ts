import { VERSION } from '@opentelemetry/resources/build/src/version.js';

/** What tells this process apart from others in telemetry. */
export interface ServiceIdentity {
  /** The value of OTEL_SERVICE_NAME; wins over one among the attributes. */
  readonly serviceName: string | undefined;
  /** The value of OTEL_RESOURCE_ATTRIBUTES: `key=value,key=value`, percent-encoded. */
  readonly resourceAttributes: string | undefined;
  /** Becomes `service.instance.id` where metrics are exported, unless the attributes name another one. */
  readonly hostname: string;
}

/** The SDK's name, language and version. Its own list of them would load all semantic conventions. */
const sdkAttributes = [
  ['telemetry.sdk.language', 'nodejs'],
  ['telemetry.sdk.name', 'opentelemetry'],
  ['telemetry.sdk.version', VERSION],
] as const;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.trim());
  } catch {
    return text.trim();
  }
}

/** Reads `key=value,key=value`. What is no pair is left out, as in OpenTelemetry's SDKs. */
export function parseResourceAttributes(text: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  for (const pair of text.split(',')) {
    const equals = pair.indexOf('=');
    const key = pair.slice(0, Math.max(equals, 0)).trim();
    if (key !== '') attributes.set(key, decoded(pair.slice(equals + 1)));
  }
  return attributes;
}

/**
 * The attributes of the OpenTelemetry resource of this process.
 *
 * @see https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export function resourceAttributesOf(
  identity: ServiceIdentity,
  isExported: boolean,
): ReadonlyMap<string, string> {
  const { serviceName = '', resourceAttributes = '', hostname } = identity;
  return new Map<string, string>([
    ...sdkAttributes,
    ['service.name', 'target-allocator'],
    ...(isExported ? ([['service.instance.id', hostname]] as const) : []),
    ...parseResourceAttributes(resourceAttributes),
    ...(serviceName === '' ? [] : ([['service.name', serviceName]] as const)),
  ]);
}
