import type { LogConfig } from '../config/index.js';

/** A moment as zap's encoder of that name writes it; what is text there is quoted here. */
export function encodeTime(epochMs: number, encoding: LogConfig['timeEncoding']): string {
  switch (encoding) {
    case 'epoch':
      return String(epochMs / 1000);
    case 'millis':
      return String(epochMs);
    case 'nano':
      return `${String(Math.trunc(epochMs))}000000`;
    case 'iso8601':
      return `"${new Date(epochMs).toISOString()}"`;
    case 'rfc3339':
      return `"${new Date(epochMs).toISOString().replace(/\.\d{3}Z$/, 'Z')}"`;
    case 'rfc3339nano':
      return `"${new Date(epochMs).toISOString().replace(/\.?0*Z$/, 'Z')}"`;
  }
}

// DEL and C1, line separators, bidirectional overrides, the byte order mark: what JSON leaves as it is, and what can forge
// lines or hide text in a terminal.
const hiddenCharacters = /[\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

/** A line of JSON in which every control character is escaped; such characters stand only inside its strings. */
export function escapeHidden(jsonLine: string): string {
  return jsonLine.replace(
    hiddenCharacters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** zap's console form of a line: time, LEVEL, logger, message and the fields as JSON, separated by tabs. */
export function consoleLine(jsonLine: string): string {
  const line: unknown = JSON.parse(jsonLine);
  if (typeof line !== 'object' || line === null) return jsonLine;
  const parts = new Map<string, unknown>(Object.entries(line));
  const take = (name: string): unknown => {
    const value = parts.get(name);
    parts.delete(name);
    return value;
  };
  const stack = take('stacktrace');
  const level = oneLine(take('level')).toUpperCase();
  const shown = [oneLine(take('ts')), level, oneLine(take('logger')), oneLine(take('msg'))];
  const columns = shown.filter((column) => column !== '');
  if (parts.size > 0) columns.push(escapeHidden(JSON.stringify(Object.fromEntries(parts))));
  const frames =
    typeof stack === 'string' ? stack.split('\n').map((frame) => `\n${oneLine(frame)}`) : [];
  return `${columns.join('\t')}${frames.join('')}\n`;
}

function oneLine(value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return '';
  return escapeHidden(JSON.stringify(String(value)).slice(1, -1).replaceAll('\\"', '"'));
}
