import { isRecord } from '../../core/document/is-record.js';
import type { AnyDefinition, Plugin, StandardIssue } from '../../plugin-api/index.js';

/** What of a definition names it. */
export interface NamedDefinition {
  readonly kind: string;
  readonly name: string;
}

/** `strategy/zone-aware`: how a definition is named among all. */
export function definitionKey({ kind, name }: NamedDefinition): string {
  return `${kind}/${name}`;
}

/** Options of discoveries stand in the jobs, those of collector sources under `collector_source`. */
function takesOptions({ kind }: AnyDefinition): boolean {
  return kind !== 'discovery' && kind !== 'collectors';
}

/**
 * The options of each definition of a plugin. Written for a plugin with one definition that takes options, they are that
 * one's; with several of them they stand under the definitions' names (`strategy/zone-aware: …`).
 */
export function optionsByDefinition(
  { provides }: Plugin,
  options: unknown,
): ReadonlyMap<string, unknown> {
  const takers = provides.filter(takesOptions).map(definitionKey);
  const [only] = takers;
  if (takers.length === 1 && only !== undefined) return new Map([[only, options]]);
  const written = isRecord(options) ? options : {};
  return new Map(takers.map((key) => [key, written[key]]));
}

/** What is wrong with the options of a plugin, by the schemas of its definitions. */
export async function checkPluginOptions(
  plugin: Plugin,
  options: unknown,
): Promise<readonly StandardIssue[]> {
  const takers = plugin.provides.filter(takesOptions);
  const isKeyed = takers.length !== 1;
  const issues = isKeyed ? unknownKeys(takers.map(definitionKey), options) : [];
  const byDefinition = optionsByDefinition(plugin, options);
  for (const definition of takers) {
    const key = definitionKey(definition);
    const value = byDefinition.get(key);
    const result = await definition.configSchema?.['~standard'].validate(value);
    for (const issue of result?.issues ?? []) {
      issues.push(isKeyed ? { ...issue, path: [key, ...(issue.path ?? [])] } : issue);
    }
  }
  return issues;
}

function unknownKeys(known: readonly string[], options: unknown): StandardIssue[] {
  if (options === undefined || options === null) return [];
  const hint =
    known.length === 0 ? 'this plugin takes no options here' : `there are ${known.join(', ')}`;
  if (!isRecord(options)) return [{ message: `must be a mapping; ${hint}` }];
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => ({ message: `unknown key; ${hint}`, path: [key] }));
}
