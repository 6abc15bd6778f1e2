import type { AnyDefinition, DefinitionKind } from '../../plugin-api/index.js';
import type { InstalledPlugin } from './installed-plugin.js';
import { definitionKey, type NamedDefinition, optionsByDefinition } from './plugin-options.js';
import { DuplicatePluginError } from './plugins.errors.js';

/** The definitions of one kind. */
export type DefinitionOf<K extends DefinitionKind> = Extract<AnyDefinition, { readonly kind: K }>;

/** Every definition that plugins provide, by kind and name. */
export class PluginRegistry {
  readonly #definitions = new Map<string, AnyDefinition>();
  readonly #owners = new Map<string, InstalledPlugin>();

  /** @throws DuplicatePluginError when two plugins provide the same kind and name; names both. */
  constructor(installed: readonly InstalledPlugin[]) {
    for (const owner of installed) {
      for (const definition of owner.plugin.provides) {
        const key = definitionKey(definition);
        const former = this.#owners.get(key);
        if (former !== undefined) {
          throw new DuplicatePluginError(key, former.plugin.name, owner.plugin.name);
        }
        this.#owners.set(key, owner);
        this.#definitions.set(key, definition);
      }
    }
  }

  /** The plugin that provides a definition. */
  ownerOf(definition: NamedDefinition): InstalledPlugin | undefined {
    return this.#owners.get(definitionKey(definition));
  }

  /** The options that the plugin's entry in the configuration has for a definition; `{}` without any. */
  optionsOf(definition: NamedDefinition): unknown {
    const owner = this.ownerOf(definition);
    if (owner === undefined) return {};
    return (
      optionsByDefinition(owner.plugin, owner.entry?.options).get(definitionKey(definition)) ?? {}
    );
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
