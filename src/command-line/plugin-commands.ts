import { definitionKinds } from '../plugin-api/index.js';
import { choice, formatFlag, formatOf, helpFlag, type Reader, refused } from './command.js';
import { type FlagDefinition, parseFlags } from './flag-set.js';

const newPluginFlags: readonly FlagDefinition[] = [
  choice('kind', definitionKinds),
  { name: 'dir', type: 'string', default: './<name>', help: 'The folder to make.' },
  { name: 'allocator', type: 'string', default: 'this version', help: 'The dev dependency.' },
  helpFlag,
];
const newPluginUsage = `Usage: target-allocator new-plugin <name> --kind <kind> [--dir <folder>]

Makes a plugin package that builds, lints and passes its contract tests.

  <name>              the package's name: zone-aware, @team/zone-aware
  --kind <kind>       ${definitionKinds.join(', ')}
  --dir <folder>      the folder to make; it must be empty or absent (default: ./<name>)
  --allocator <what>  the allocator to develop against: a version, or file:<tarball> (default: this version)
`;
const checkFlags: readonly FlagDefinition[] = [formatFlag, helpFlag];
const checkUsage = `Usage: target-allocator plugin check <folder> [--format text|json]

Loads a plugin package as a start would, and says what it provides. Exit code 1 when it cannot be loaded.
`;

export const readNewPlugin: Reader = (args) => {
  const { values, positional, problems } = parseFlags(newPluginFlags, args);
  if (values.get('help') === 'true') return { kind: 'help', text: newPluginUsage };
  const [name, ...more] = positional;
  const kind = definitionKinds.find((word) => word === values.get('kind'));
  const wrong = [
    ...problems,
    ...(name === undefined ? ['the name of the plugin is missing'] : []),
    ...(values.has('kind') || problems.length > 0 ? [] : ['--kind is missing']),
    ...more.map((word) => `unexpected argument: ${word}`),
  ];
  if (name === undefined || kind === undefined || wrong.length > 0) {
    return refused(newPluginUsage, wrong);
  }
  const directory = values.get('dir');
  const allocator = values.get('allocator');
  const plugin = {
    ...{ name, kind },
    ...(directory !== undefined && { directory }),
    ...(allocator !== undefined && { allocator }),
  };
  return { kind: 'command', command: { name: 'new-plugin', plugin } };
};

export const readPluginCheck: Reader = (args) => {
  const { values, positional, problems } = parseFlags(checkFlags, args);
  if (values.get('help') === 'true') return { kind: 'help', text: checkUsage };
  const [directory, ...more] = positional;
  const wrong = [
    ...problems,
    ...(directory === undefined ? ['the folder of the plugin is missing'] : []),
    ...more.map((word) => `unexpected argument: ${word}`),
  ];
  if (directory === undefined || wrong.length > 0) return refused(checkUsage, wrong);
  const command = { name: 'plugin check', directory, format: formatOf(values) } as const;
  return { kind: 'command', command };
};
