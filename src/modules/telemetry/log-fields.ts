import { Secret, type LogFields } from '../../plugin-api/index.js';

const longestText = 1024;
const mostItems = 50;
const deepest = 4;

/** Keys that every line has; a field of such a name is kept under `field_<name>`. */
const reservedKeys = new Set(['level', 'ts', 'logger', 'msg', 'stacktrace']);

/**
 * Makes what a caller logs fit for a line: only what JSON can say, of bounded length and depth, secrets masked, errors as
 * their messages with their causes. Never throws, whatever getters and cycles it meets.
 */
export function safeFields(fields: LogFields): Readonly<Record<string, unknown>> {
  const safe: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    define(safe, reservedKeys.has(name) ? `field_${name}` : name, safeValue(value, 0));
  }
  return safe;
}

/** Cuts a text that nobody would read to its end, and says so. */
export function cutText(text: string, longest: number = longestText): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}… (${String(text.length - longest)} more characters)`;
}

/** The error's message with those of its causes. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  for (let depth = 0; depth < deepest && current !== undefined; depth++) {
    const text = current instanceof Error ? current.message || current.name : inWords(current);
    // Many messages quote their cause already.
    if (!parts.some((part) => part.includes(text))) parts.push(text);
    current = current instanceof Error ? current.cause : undefined;
  }
  return cutText(parts.join(': '));
}

/** The stack trace of the first error among the fields. */
export function stackOf(fields: LogFields): string | undefined {
  const error = Object.values(fields).find((value) => value instanceof Error);
  return error instanceof Error && error.stack !== undefined
    ? cutText(error.stack, 4 * longestText)
    : undefined;
}

function safeValue(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      return cutText(value);
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return String(value);
    case 'object':
      return value === null ? null : safeObject(value, depth);
    default:
      return undefined;
  }
}

function safeObject(value: object, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (value instanceof Secret) return value.toString();
  if (value instanceof Date)
    return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (depth >= deepest) return '…';
  try {
    if (Array.isArray(value) || value instanceof Set) return safeList([...value], depth);
    return safeRecord(value instanceof Map ? [...value] : Object.entries(value), depth);
  } catch (error) {
    return `cannot be logged: ${describeError(error)}`;
  }
}

function safeList(items: readonly unknown[], depth: number): unknown {
  const shown = items.slice(0, mostItems).map((item) => safeValue(item, depth + 1));
  return items.length > mostItems ? [...shown, more(items.length)] : shown;
}

function safeRecord(entries: readonly (readonly [unknown, unknown])[], depth: number): unknown {
  const record: Record<string, unknown> = {};
  for (const [name, value] of entries.slice(0, mostItems)) {
    define(record, inWords(name), safeValue(value, depth + 1));
  }
  if (entries.length > mostItems) define(record, '…', more(entries.length));
  return record;
}

function more(count: number): string {
  return `${String(count - mostItems)} more`;
}

/** Assigning to `__proto__` would set the prototype; the name may come from a user. */
function define(record: Record<string, unknown>, name: string, value: unknown): void {
  Object.defineProperty(record, cutText(name), { value, enumerable: true, configurable: true });
}

function inWords(value: unknown): string {
  if (typeof value === 'string') return value;
  return String(safeValue(value, deepest));
}
