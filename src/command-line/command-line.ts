import type { CommandRequest } from './command.js';
import { commandNames, readCommand } from './commands.js';
import { closestWord } from './closest-word.js';
import { parseFlags } from './flag-set.js';
import { flagDefinitions } from './flags.js';
import { type StartRequest, startRequest } from './start-request.js';
import { usage } from './usage.js';

/** What the arguments ask for. */
export type CommandLine =
  | CommandRequest
  | { readonly kind: 'version' }
  | (StartRequest & {
      readonly kind: 'run';
      /** Arguments that are no flags: without meaning, as in the Go allocator. */
      readonly ignored: readonly string[];
    });

/** Reads the arguments, without the program's name. */
export function readCommandLine(args: readonly string[], homeDirectory: string): CommandLine {
  const command = readCommand(args, homeDirectory) ?? unknownCommand(args);
  if (command !== undefined) return command;
  const definitions = flagDefinitions(homeDirectory);
  const { values, positional, problems } = parseFlags(definitions, args);
  if (values.get('help') === 'true') return { kind: 'help', text: usage(definitions) };
  if (problems.length > 0) {
    return { kind: 'refused', text: `${usage(definitions)}\n${problems.join('\n')}\n` };
  }
  if (values.get('version') === 'true') return { kind: 'version' };
  return { kind: 'run', ...startRequest(values), ignored: positional };
}

/** A first word that is no flag is meant as a command: no deployment of the Go allocator begins with one. */
function unknownCommand([first, second = '']: readonly string[]): CommandRequest | undefined {
  if (first === undefined || first.startsWith('-')) return undefined;
  const both = `${first} ${second}`.trim();
  const meant = closestWord(first, commandNames) ?? closestWord(both, commandNames);
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  const text = `unknown command: ${first}${hint}
The commands are ${commandNames.join(', ')}; without one the allocator is started.
See target-allocator --help.
`;
  return { kind: 'refused', text };
}
