import type { DefinitionKind } from '../../plugin-api/index.js';
import { NewPluginError } from './new-plugin.errors.js';

/** What a new package and the things in it are called. */
export interface PluginNames {
  /** `@team/zone-aware` */
  readonly package: string;
  /** `zone-aware` */
  readonly folder: string;
  /** As the configuration names the definition: `zone-aware`, of a mechanism `zone_aware`. */
  readonly definition: string;
  /** What stands in the templates, each with what it becomes. */
  readonly replacements: readonly (readonly [placeholder: string, text: string])[];
}

const packageName = /^(?:@[a-z0-9][a-z0-9._-]*\/)?([a-z][a-z0-9]*(?:-[a-z0-9]+)*)$/;

/** @throws NewPluginError for what npm or the configuration would not take as a name. */
export function pluginNames(name: string, kind: DefinitionKind): PluginNames {
  const own = packageName.exec(name)?.[1];
  if (own === undefined) {
    throw new NewPluginError(
      'TA_NEW_PLUGIN_NAME',
      `${JSON.stringify(name)} is no name for a plugin; write small letters, digits and single hyphens, such as zone-aware or @team/zone-aware`,
    );
  }
  const [first = '', ...rest] = own.split('-');
  const camel = first + rest.map(capitalized).join('');
  const snake = own.replaceAll('-', '_');
  return {
    package: name,
    folder: own,
    definition: kind === 'discovery' ? snake : own,
    replacements: [
      ['my-package', name],
      ['my-name', own],
      ['my_name', snake],
      ['mynames', `${own.replaceAll('-', '')}s`],
      ['myname', own.replaceAll('-', '')],
      ['myName', camel],
      ['MyName', capitalized(camel)],
    ],
  };
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
