import type { AnyDefinition, DefinitionKind, Plugin } from '../../plugin-api/index.js';
import { DuplicatePluginError } from './plugins.errors.js';

/** The definitions of one kind. */
export type DefinitionOf<K extends DefinitionKind> = Extract<AnyDefinition, { readonly kind: K }>;

/** Every definition that plugins provide, by kind and name. */
export class PluginRegistry {
  readonly #definitions = new Map<string, AnyDefinition>();

  /** @throws DuplicatePluginError when two plugins provide the same kind and name; names both. */
  constructor(plugins: readonly Plugin[]) {
    const providers = new Map<string, string>();
    for (const plugin of plugins) {
      for (const definition of plugin.provides) {
        const key = `${definition.kind}/${definition.name}`;
        const former = providers.get(key);
        if (former !== undefined) {
          throw new DuplicatePluginError(key, former, plugin.name);
        }
        providers.set(key, plugin.name);
        this.#definitions.set(key, definition);
      }
    }
  }

  find<K extends DefinitionKind>(kind: K, name: string): DefinitionOf<K> | undefined {
    const found = this.#definitions.get(`${kind}/${name}`);
    return found !== undefined && isOfKind(found, kind) ? found : undefined;
  }

  /** The names of one kind, sorted. */
  names(kind: DefinitionKind): readonly string[] {
    return [...this.#definitions.values()]
      .filter((d) => d.kind === kind)
      .map((d) => d.name)
      .sort();
  }
}

function isOfKind<K extends DefinitionKind>(
  definition: AnyDefinition,
  kind: K,
): definition is DefinitionOf<K> {
  return definition.kind === kind;
}
