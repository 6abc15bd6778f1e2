import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  canonicalText,
  isJsonList,
  isJsonObject,
  jsonObject,
  sortedByText,
  type Json,
  type JsonObject,
} from './json.js';
import { deviationsFile } from './paths.js';

/** A difference from the Go allocator that is intended. Each also stands in docs/differences.md. */
interface Deviation {
  readonly case: string;
  readonly path?: readonly string[];
  readonly recordings?: readonly number[];
  readonly skip?: boolean;
  readonly why: string;
}

const deviations = (
  parse(readFileSync(deviationsFile, 'utf8')) as { readonly deviations: readonly Deviation[] }
).deviations;

/** Shell-like patterns: `*`, `?` and `[abc]`. */
function matchesGlob(text: string, glob: string): boolean {
  const pattern = glob
    .replace(/[.+^${}()|\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${pattern}$`, 's').test(text);
}

/** Why the whole case is not compared, if so. */
export function whySkipped(caseName: string): string | undefined {
  return deviations.find((d) => d.skip === true && matchesGlob(caseName, d.case))?.why;
}

/** Paths that are not compared in one recording of a case. */
export function ignoredPaths(caseName: string, recording: number): readonly (readonly string[])[] {
  return deviations
    .filter((d) => matchesGlob(caseName, d.case))
    .filter((d) => d.recordings?.includes(recording) ?? true)
    .flatMap((d) => (d.path === undefined ? [] : [d.path]));
}

/** What is compared of a snapshot: README.md says what is left loose. */
export function comparable(
  snapshot: JsonObject,
  families: ReadonlySet<string>,
  ignored: readonly (readonly string[])[],
): Json {
  const loose = Object.entries(snapshot).map(([part, value]): [string, Json] => {
    if (part === 'metric_families') return [part, looseFamilies(value, families)];
    if (part === 'metrics') return [part, withoutZeros(value)];
    if (part === 'endpoints') return [part, mapMembers(value, looseAnswer)];
    return [part, isJsonList(value) && part === 'requests' ? value.map(looseAnswer) : value];
  });
  return ignored.reduce<Json>(without, jsonObject(loose));
}

function mapMembers(value: Json, change: (member: Json) => Json): Json {
  if (!isJsonObject(value)) return value;
  return jsonObject(Object.entries(value).map(([key, member]) => [key, change(member)]));
}

/** A gauge that is 0 and one that is not there say the same. */
function withoutZeros(value: Json): Json {
  return jsonObject(Object.entries(value as JsonObject).filter(([, number]) => number !== 0));
}

function looseFamilies(value: Json, families: ReadonlySet<string>): Json {
  const known = Object.entries(value as JsonObject).filter(([name]) => families.has(name));
  return jsonObject(
    known.map(([name, family]) => {
      const { type = '', labels = [] } = family as JsonObject;
      const shown = (labels as readonly string[]).filter((l) => !l.startsWith('otel_scope_'));
      return [name, { type, labels: shown }];
    }),
  );
}

/** Charset parameters and the wording of a 404 are free; that a 404 has words is not. */
function looseAnswer(answer: Json): Json {
  if (!isJsonObject(answer)) return answer;
  const { content_type: type, body } = answer;
  return jsonObject([
    ...Object.entries(answer),
    ...(typeof type === 'string'
      ? [['content_type', type.split(';')[0]?.trim() ?? ''] as const]
      : []),
    ...(answer['status'] === 404 && typeof body === 'string' && body !== ''
      ? [['body', '(some text)'] as const]
      : []),
    ...(body === undefined || typeof body === 'string'
      ? []
      : [['body', sortedTargets(body)] as const]),
  ]);
}

/** Recordings are sorted already, but in the order of another language. */
function sortedTargets(body: Json): Json {
  if (isJsonList(body)) return sortedByText(body);
  return mapMembers(body, (entry) => {
    if (isJsonList(entry)) return sortedByText(entry);
    if (!isJsonObject(entry) || !isJsonList(entry['targets'])) return entry;
    return { ...entry, targets: sortedByText(entry['targets']) };
  });
}

/** The value without what matches the path. List items become null, so that the others keep their places. */
function without(value: Json, path: readonly string[]): Json {
  const [head = '', ...rest] = path;
  const change = (key: string, member: Json): Json | undefined => {
    if (!matchesGlob(key, head)) return member;
    return rest.length === 0 ? undefined : without(member, rest);
  };
  if (isJsonList(value)) return value.map((item, i) => change(String(i), item) ?? null);
  if (!isJsonObject(value)) return value;
  return jsonObject(
    Object.entries(value).flatMap(([key, member]): [string, Json][] => {
      const kept = change(key, member);
      return kept === undefined ? [] : [[key, kept]];
    }),
  );
}

export function isEqual(a: Json, b: Json): boolean {
  return canonicalText(a) === canonicalText(b);
}
