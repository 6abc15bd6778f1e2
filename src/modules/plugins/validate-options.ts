import type { StandardIssue, StandardSchema } from '../../plugin-api/index.js';
import { PluginOptionsError } from './plugins.errors.js';

/** What of a definition matters for its options. */
export interface ConfigurableDefinition<Config> {
  readonly kind: string;
  readonly name: string;
  readonly configSchema?: StandardSchema<Config>;
}

/**
 * Checks and completes options with the definition's own schema.
 *
 * @throws PluginOptionsError naming every refused key.
 */
export async function validateOptions<Config>(
  definition: ConfigurableDefinition<Config> & { readonly configSchema: StandardSchema<Config> },
  value: unknown,
): Promise<Config> {
  const result = await definition.configSchema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  throw new PluginOptionsError(
    `${definition.kind}/${definition.name}`,
    result.issues.map((issue) => `${keyPath(issue.path)}: ${issue.message}`),
  );
}

/** The path as a user would write it: `zones[2].name`. */
function keyPath(path: StandardIssue['path'] = []): string {
  const text = path.reduce<string>((former, segment) => {
    const key = typeof segment === 'object' ? segment.key : segment;
    return typeof key === 'number' ? `${former}[${String(key)}]` : `${former}.${String(key)}`;
  }, '');
  return text === '' ? 'options' : text.replace(/^\./, '');
}
