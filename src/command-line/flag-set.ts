import { closestWord } from './closest-word.js';

/** How a flag's value is read. A `bool` may stand without a value, and its value can only be given with `=`. */
export type FlagType = 'string' | 'bool' | 'duration' | 'choice';

export interface FlagDefinition {
  readonly name: string;
  readonly type: FlagType;
  /** What holds when the flag is not given, as the help shows it. */
  readonly default: string;
  readonly help: string;
  /** What belongs together, as the help's heading has it. */
  readonly group?: string;
  /** The environment variable that says the same. */
  readonly env?: string;
  /** The key of the configuration file that says the same. */
  readonly key?: string;
  /** Gives the value in its canonical spelling, or what is wrong with it. */
  readonly read?: (value: string) => FlagValue;
}
export type FlagValue = { readonly value: string } | { readonly problem: string };

export interface ParsedFlags {
  /** The flags that were given, by name; of several with one name the last counts. Bools are `true` and `false`. */
  readonly values: ReadonlyMap<string, string>;
  /** Arguments that are no flags. */
  readonly positional: readonly string[];
  /** Everything that is wrong with the arguments. */
  readonly problems: readonly string[];
}

// Go's strconv.ParseBool.
const boolWords: ReadonlyMap<string, string> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((word) => [word, 'true'] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((word) => [word, 'false'] as const),
]);

/**
 * Reads arguments by the rules of spf13/pflag, which the Go allocator uses: `--flag value`, `--flag=value`, a bool
 * without a value, flags and other arguments mixed, `--` ends the flags. Unlike pflag it goes on after a problem, so that
 * all of them are reported together.
 *
 * @see https://pkg.go.dev/github.com/spf13/pflag#hdr-Command_line_flag_syntax
 */
export function parseFlags(
  definitions: readonly FlagDefinition[],
  args: readonly string[],
): ParsedFlags {
  const known = new Map(definitions.map((definition) => [definition.name, definition]));
  const values = new Map<string, string>();
  const positional: string[] = [];
  const problems: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const argument = args[at] ?? '';
    if (argument === '--') {
      positional.push(...args.slice(at + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      positional.push(argument);
      continue;
    }
    const flag = readFlag(known, argument, args[at + 1]);
    if ('problem' in flag) problems.push(flag.problem);
    else values.set(flag.name, flag.value);
    if (flag.tookNext) at++;
  }
  return { values, positional, problems };
}

type ReadFlag = { readonly tookNext: boolean } & (
  { readonly name: string; readonly value: string } | { readonly problem: string }
);

function readFlag(
  known: ReadonlyMap<string, FlagDefinition>,
  argument: string,
  next: string | undefined,
): ReadFlag {
  if (argument === '-h') return { name: 'help', value: 'true', tookNext: false };
  if (!argument.startsWith('--')) {
    return { problem: `unknown shorthand flag in ${argument}: write --`, tookNext: false };
  }
  const equals = argument.indexOf('=');
  const name = argument.slice(2, equals === -1 ? undefined : equals);
  if (name === '' || name.startsWith('-')) {
    return { problem: `bad flag syntax: ${argument}`, tookNext: false };
  }
  const definition = known.get(name);
  if (definition === undefined) return { problem: unknownFlag(name, known), tookNext: false };
  if (equals !== -1) return readValue(definition, argument.slice(equals + 1), false);
  if (definition.type === 'bool') return { name, value: 'true', tookNext: false };
  if (next === undefined) return { problem: `flag needs a value: --${name}`, tookNext: false };
  return readValue(definition, next, true);
}

function unknownFlag(name: string, known: ReadonlyMap<string, unknown>): string {
  const meant = closestWord(name, [...known.keys()]);
  const hint = meant === undefined ? '' : `; did you mean --${meant}?`;
  return `unknown flag: --${name}${hint}`;
}

function readValue(definition: FlagDefinition, text: string, tookNext: boolean): ReadFlag {
  const read =
    definition.type === 'bool' ? readBool(text) : (definition.read?.(text) ?? { value: text });
  if ('value' in read) return { name: definition.name, value: read.value, tookNext };
  const shown = JSON.stringify(text);
  return { problem: `invalid value ${shown} for --${definition.name}: ${read.problem}`, tookNext };
}

function readBool(text: string): FlagValue {
  const value = boolWords.get(text);
  return value === undefined ? { problem: 'want true or false' } : { value };
}
