import type { ApiResponseSchemaHost } from '@nestjs/swagger';

type Schema = ApiResponseSchemaHost['schema'];

const text = { type: 'string' } as const satisfies Schema;
const count = { type: 'integer', minimum: 0 } as const satisfies Schema;

const record = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object',
  required: Object.keys(properties),
  properties: { ...properties },
});
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const orNull = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'null' }] });

export const statusSchema: Schema = record({
  version: text,
  uptime_seconds: { type: 'number', minimum: 0 },
  ready: { type: 'boolean' },
  not_ready_reason: orNull(text),
  unknown_reason: orNull(text),
  stale_as_of: orNull(text),
  generation: count,
  strategy: text,
  fallback_strategy: orNull(text),
  collectors: count,
  jobs: count,
  targets: count,
  sources: listOf(
    record({ name: text, state: { enum: ['ok', 'awaited', 'stale'] }, detail: text }),
  ),
  jobs_held_back: listOf(record({ job: text, reason: text })),
  unassigned: listOf(record({ reason: text, targets: count })),
});

export const targetsSchema: Schema = record({
  generation: count,
  unknown_reason: orNull(text),
  targets: listOf(
    record({
      job: text,
      address: text,
      labels: { type: 'object', additionalProperties: text },
      target_hash: text,
      collector: orNull(text),
      reason: orNull(text),
    }),
  ),
  next_offset: orNull(count),
});

export const resourcesSchema: Schema = record({
  unknown_reason: orNull(text),
  kinds: listOf(
    record({
      kind: text,
      state: { enum: ['watching', 'absent', 'forbidden', 'unavailable'] },
      message: orNull(text),
      seen: count,
      selected: count,
    }),
  ),
  resources: listOf(
    record({
      kind: text,
      namespace: text,
      name: text,
      state: { enum: ['accepted', 'rejected', 'pending'] },
      reasons: listOf(text),
      jobs: listOf(text),
      generation: orNull(count),
    }),
  ),
  next_offset: orNull(count),
});

export const pluginsSchema: Schema = record({
  plugins: listOf(
    record({
      name: text,
      version: orNull(text),
      built_in: { type: 'boolean' },
      state: { enum: ['loaded', 'failed'] },
      provides: listOf(text),
      options: {},
      error: orNull(text),
    }),
  ),
});
