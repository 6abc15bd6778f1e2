import { userMap } from '../document/collections.js';
import { Secret } from '../document/secret.js';
import { formatGoUrl, parseGoUrl } from './go-url.js';
import type { ScrapeConfig } from './model.js';
import { isUserMap } from './omit-empty.js';

/** Whether secrets are shown: only to who may have them (mTLS, or when that was allowed for plain HTTP). */
export interface RenderOptions {
  readonly secrets: 'mask' | 'reveal';
}

/** Fields whose password is never shown, to nobody, as in Prometheus. */
const urlFields = new Set(['proxy_url', 'api_server']);
/** Fields of a job that are always there in memory and left out of the document when empty. */
const omittedWhenEmpty = new Set(['metrics_path', 'scheme']);
/**
 * What JSON lets pass and the YAML reader of collectors refuses (it would refuse all jobs), as JSON escapes.
 */
const unsafeInYaml = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/**
 * One job as JSON, with sorted keys: the same bytes for the same content. The content is what the Go allocator serves for
 * it under `/scrape_configs`.
 */
export function renderScrapeConfig(config: ScrapeConfig, options: RenderOptions): string {
  return stringify(renderedValue(config, options));
}

/** The same as plain data, whole numbers beyond 2^53 as bigints. */
export function renderedValue(
  config: ScrapeConfig,
  options: RenderOptions,
): Readonly<Record<string, unknown>> {
  const fields = Object.entries(config).filter(
    ([name, value]) => !(value === '' && omittedWhenEmpty.has(name)),
  );
  return renderFields(fields, false, options);
}

function render(value: unknown, options: RenderOptions): unknown {
  if (value instanceof Secret) {
    if (options.secrets === 'reveal') return value.reveal();
    return value.isEmpty ? null : '<secret>';
  }
  if (Array.isArray(value)) return value.map((item: unknown) => render(item, options));
  if (typeof value === 'object' && value !== null) {
    return renderFields(Object.entries(value), isUserMap(value), options);
  }
  return value;
}

function renderFields(
  fields: readonly (readonly [string, unknown])[],
  areKeysOfUser: boolean,
  options: RenderOptions,
): Readonly<Record<string, unknown>> {
  const rendered = userMap<unknown>();
  for (const [name, value] of fields) {
    if (value === undefined) continue;
    const isUrl = !areKeysOfUser && urlFields.has(name) && typeof value === 'string';
    rendered[name] = isUrl ? withoutPassword(value) : render(value, options);
  }
  return rendered;
}

function withoutPassword(text: string): string {
  const parsed = parseGoUrl(text);
  return parsed.ok ? formatGoUrl(parsed.url, { hidePassword: true }) : '<secret>';
}

function stringify(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(stringify).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([name, item]) => `${quote(name)}:${stringify(item)}`).join(',')}}`;
  }
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return String(value);
  return JSON.stringify(value ?? null);
}

/** A JSON string that YAML reads as the same text: for what stands beside rendered jobs, such as their names. */
export function quote(text: string): string {
  return JSON.stringify(text).replaceAll(
    unsafeInYaml,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
