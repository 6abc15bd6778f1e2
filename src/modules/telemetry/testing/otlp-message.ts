/** A protobuf message read without its schema: by field number, varints and 64-bit values as bigints, the rest as bytes. */
type Fields = ReadonlyMap<number, readonly (bigint | Uint8Array)[]>;

function readFields(bytes: Uint8Array): Fields {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fields = new Map<number, (bigint | Uint8Array)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  };
  const payload = (wireType: number): bigint | Uint8Array => {
    if (wireType === 0) return varint();
    if (wireType === 1) {
      at += 8;
      return view.getBigUint64(at - 8, true);
    }
    const length = Number(varint());
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    fields.set(number, [...(fields.get(number) ?? []), payload(tag & 7)]);
  }
  return fields;
}

const messages = (fields: Fields | undefined, number: number): readonly Fields[] =>
  (fields?.get(number) ?? []).map((value) =>
    readFields(typeof value === 'bigint' ? new Uint8Array() : value),
  );

function text(fields: Fields | undefined, number: number): string {
  const [value] = fields?.get(number) ?? [];
  return typeof value === 'object' ? new TextDecoder().decode(value) : '';
}

function integer(fields: Fields, number: number): number {
  const [value] = fields.get(number) ?? [];
  return typeof value === 'bigint' ? Number(value) : 0;
}

function double(fields: Fields, number: number): number {
  const [value] = fields.get(number) ?? [];
  const bits = new DataView(new ArrayBuffer(8));
  bits.setBigUint64(0, typeof value === 'bigint' ? value : 0n);
  return bits.getFloat64(0);
}

/** The packed 64-bit values of a field. */
function packed(fields: Fields, number: number): readonly DataView[] {
  const [value] = fields.get(number) ?? [];
  if (typeof value !== 'object') return [];
  return Array.from(
    { length: value.length / 8 },
    (_, i) => new DataView(value.buffer, value.byteOffset + 8 * i, 8),
  );
}

function attributes(fields: Fields | undefined, number: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    messages(fields, number).map((pair) => [text(pair, 1), text(messages(pair, 2)[0], 1)]),
  );
}

interface ReceivedPoint {
  readonly attributes: Readonly<Record<string, string>>;
  readonly startNanos: number;
  readonly nanos: number;
  /** Of a histogram: its sum. */
  readonly value: number;
  readonly count: number;
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** A metric as it arrived over OTLP. */
export interface ReceivedMetric {
  readonly scope: string;
  readonly resource: Readonly<Record<string, string>>;
  readonly name: string;
  readonly kind: 'gauge' | 'sum' | 'histogram';
  readonly temporality: 'delta' | 'cumulative' | 'none';
  readonly points: readonly ReceivedPoint[];
}

function pointOf(fields: Fields, kind: ReceivedMetric['kind']): ReceivedPoint {
  const isHistogram = kind === 'histogram';
  return {
    attributes: attributes(fields, isHistogram ? 9 : 7),
    startNanos: integer(fields, 2),
    nanos: integer(fields, 3),
    value: double(fields, isHistogram ? 5 : 4),
    count: isHistogram ? integer(fields, 4) : 0,
    bounds: packed(fields, 7).map((bits) => bits.getFloat64(0, true)),
    counts: packed(fields, 6).map((bits) => Number(bits.getBigUint64(0, true))),
  };
}

/** The kinds of data and the fields of a metric that hold them. */
const kinds = [
  ['gauge', 5],
  ['sum', 7],
  ['histogram', 9],
] as const;

/**
 * Reads an ExportMetricsServiceRequest.
 *
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/v1.7.0/opentelemetry/proto/metrics/v1/metrics.proto
 */
export function readExportRequest(bytes: Uint8Array): readonly ReceivedMetric[] {
  return messages(readFields(bytes), 1).flatMap((resourceMetrics) => {
    const resource = attributes(messages(resourceMetrics, 1)[0], 1);
    return messages(resourceMetrics, 2).flatMap((scopeMetrics) => {
      const scope = text(messages(scopeMetrics, 1)[0], 1);
      return messages(scopeMetrics, 2).flatMap((metric) =>
        kinds.flatMap(([kind, number]) =>
          messages(metric, number).map((data) => ({
            scope,
            resource,
            name: text(metric, 1),
            kind,
            temporality: (['none', 'delta', 'cumulative'] as const)[integer(data, 2)] ?? 'none',
            points: messages(data, 1).map((point) => pointOf(point, kind)),
          })),
        ),
      );
    });
  });
}
