import type { MechanismDecoder, Mechanisms } from './core/scrape-config/service-discovery.js';
import type { KnownPlugins } from './modules/config/index.js';
import { PluginRegistry } from './modules/plugins/index.js';
import type { Plugin, StandardSchema } from './plugin-api/index.js';

/** What a configuration can name of these plugins. @throws DuplicatePluginError when two provide the same. */
export function knownPlugins(plugins: readonly Plugin[]): KnownPlugins {
  const registry = new PluginRegistry(plugins);
  return {
    strategies: registry.names('strategy'),
    collectorSources: registry.names('collectors'),
    mechanisms: mechanismsOf(registry),
    checkCollectorOptions: async (type, options) => {
      const schema = registry.find('collectors', type)?.configSchema;
      const result = await schema?.['~standard'].validate(options);
      return result?.issues ?? [];
    },
  };
}

/** The document checks the built-in mechanisms itself; others have their own schema, or take anything. */
function mechanismsOf(registry: PluginRegistry): Mechanisms {
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
    const result = schema['~standard'].validate(value);
    // A schema that needs time is asked again when the source is made; here it could only hold up the reading.
    if (result instanceof Promise) return { value };
    if (result.issues === undefined) return { value };
    return {
      issues: result.issues.map(({ message, path = [] }) => ({ message, path: path.map(keyOf) })),
    };
  };
}

function keyOf(segment: PropertyKey | { readonly key: PropertyKey }): string | number {
  const key = typeof segment === 'object' ? segment.key : segment;
  return typeof key === 'number' ? key : String(key);
}
