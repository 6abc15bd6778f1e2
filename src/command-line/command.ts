import type { ServiceAccountName } from '../modules/cluster-rights/index.js';
import type { DefinitionKind } from '../plugin-api/index.js';
import type { FlagDefinition } from './flag-set.js';
import type { StartRequest } from './start-request.js';

/** How a command answers: for people, or for programs. */
export type OutputFormat = 'text' | 'json';

/** Something else to do than to serve. */
export type Command =
  | {
      readonly name: 'new-plugin';
      readonly plugin: {
        readonly name: string;
        readonly kind: DefinitionKind;
        readonly directory?: string;
        readonly allocator?: string;
      };
    }
  | {
      readonly name: 'plugin check';
      readonly directory: string;
      readonly format: OutputFormat;
    }
  | { readonly name: 'check'; readonly start: StartRequest; readonly format: OutputFormat }
  | { readonly name: 'version'; readonly format: OutputFormat }
  | {
      readonly name: 'rbac';
      readonly start: StartRequest;
      readonly isNamespaceScoped: boolean;
      /** `undefined`: named after the program, where the collectors are. */
      readonly serviceAccount: ServiceAccountName | undefined;
      readonly format: 'yaml' | 'json';
    };

/** What the arguments after a command ask for. */
export type CommandRequest =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'help'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string };

/** Reads the arguments after a command. */
export type Reader = (args: readonly string[], homeDirectory: string) => CommandRequest;

export const helpFlag: FlagDefinition = {
  name: 'help',
  type: 'bool',
  default: 'false',
  help: 'This text.',
};
export const formatFlag = choice('format', ['text', 'json']);

export function formatOf(values: ReadonlyMap<string, string>): OutputFormat {
  return values.get('format') === 'json' ? 'json' : 'text';
}

/** A flag with one of these words, by default the first. */
export function choice(name: string, words: readonly string[]): FlagDefinition {
  return {
    name,
    type: 'choice',
    default: words[0] ?? '',
    help: words.join(', '),
    read: (value) =>
      words.includes(value) ? { value } : { problem: `want one of ${words.join(', ')}` },
  };
}

export function refused(usage: string, problems: readonly string[]): CommandRequest {
  return { kind: 'refused', text: `${usage}\n${problems.join('\n')}\n` };
}
