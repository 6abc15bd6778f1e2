import type { MechanismDecoder, Mechanisms } from '../../core/scrape-config/service-discovery.js';
import type { StandardSchema } from '../../plugin-api/index.js';
import type { PluginRegistry } from './plugin-registry.js';
import { messageOf } from './plugins.errors.js';

/**
 * The mechanisms of service discovery that a job can name. The document checks the built-in ones itself; others have their
 * own schema, or take anything.
 */
export function mechanismsOf(registry: PluginRegistry): Mechanisms {
  const names = registry.names('discovery').filter((name) => name !== 'static');
  return new Map(
    names.map((name) => {
      const schema = registry.find('discovery', name)?.configSchema;
      return [name, schema === undefined ? undefined : decoderOf(schema)];
    }),
  );
}

function decoderOf(schema: StandardSchema): MechanismDecoder {
  return (value) => {
    try {
      return validated(schema, value);
    } catch (error) {
      return { issues: [{ message: `the plugin's schema failed: ${messageOf(error)}`, path: [] }] };
    }
  };
}

function validated(schema: StandardSchema, value: unknown): ReturnType<MechanismDecoder> {
  const result = schema['~standard'].validate(value);
  // A schema that needs time is asked again when the source is made; here it could only hold up the reading.
  if (result instanceof Promise) {
    result.catch(() => undefined);
    return { value };
  }
  if (result.issues === undefined) return { value };
  return {
    issues: result.issues.map(({ message, path = [] }) => ({ message, path: path.map(keyOf) })),
  };
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'number' ? key : String(key);
}
