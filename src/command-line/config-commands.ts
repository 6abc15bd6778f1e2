import type { ServiceAccountName } from '../modules/cluster-rights/index.js';
import { choice, formatFlag, formatOf, helpFlag, type Reader, refused } from './command.js';
import { type FlagDefinition, parseFlags } from './flag-set.js';
import { flagDefinitions } from './flags.js';
import { startRequest } from './start-request.js';
import { flagLines } from './usage.js';

const checkUsage = `Usage: target-allocator check [<config>] [--format text|json] [flags of a start]

Tells everything that is wrong with a configuration file and the files that it names, and connects to nothing. Plugins
are loaded as a start would load them. <config> is the same as --config-file.
Exit code 0: it can be started with; there may be warnings. 1: it cannot. 2: the arguments are wrong.
`;
const rbacUsage = `Usage: target-allocator rbac [--config-file <file>] [flags] [flags of a start]

Prints the least roles with which everything that the configuration asks for works, each rule with the settings that ask
for it. Connects to nothing. Exit code 0, 1: the configuration is refused, 2: the arguments are wrong.
`;
const rbacFlags: readonly FlagDefinition[] = [
  {
    name: 'namespace-scoped',
    type: 'bool',
    default: 'false',
    help: 'Roles only, no ClusterRole: what they cannot give is said, and left out.',
  },
  {
    name: 'service-account',
    type: 'string',
    default: 'target-allocator in the namespace of the collectors',
    help: 'Who gets the rights: namespace/name. The namespace is the one that the allocator runs in.',
    read: (value) =>
      readServiceAccount(value) === undefined
        ? { problem: 'want namespace/name, both as Kubernetes names things' }
        : { value },
  },
  choice('format', ['yaml', 'json']),
];
const versionUsage = `Usage: target-allocator version [--format text|json]

Prints the versions of the program, of Node.js and of the plugin API, and the commit that it was built from if that is known.
`;

export const readCheck: Reader = (args, homeDirectory) => {
  const own = [formatFlag];
  const { values, positional, problems } = parseFlags(withStart(own, homeDirectory), args);
  if (values.get('help') === 'true') return help(checkUsage, own);
  const [file, ...more] = positional;
  const isTwice = file !== undefined && values.has('config-file');
  const wrong = [
    ...problems,
    ...(isTwice ? ['the configuration file is given twice'] : []),
    ...more.map((word) => `unexpected argument: ${word}`),
  ];
  if (wrong.length > 0) return refused(checkUsage, wrong);
  const start = startRequest(values);
  const named = file === undefined ? start : { ...start, configFile: file };
  return { kind: 'command', command: { name: 'check', start: named, format: formatOf(values) } };
};

export const readRbac: Reader = (args, homeDirectory) => {
  const { values, positional, problems } = parseFlags(withStart(rbacFlags, homeDirectory), args);
  if (values.get('help') === 'true') return help(rbacUsage, rbacFlags);
  const wrong = [...problems, ...positional.map((word) => `unexpected argument: ${word}`)];
  if (wrong.length > 0) return refused(rbacUsage, wrong);
  return {
    kind: 'command',
    command: {
      name: 'rbac',
      start: startRequest(values),
      isNamespaceScoped: values.get('namespace-scoped') === 'true',
      serviceAccount: readServiceAccount(values.get('service-account') ?? ''),
      format: values.get('format') === 'json' ? 'json' : 'yaml',
    },
  };
};

export const readVersion: Reader = (args) => {
  const own = [formatFlag, helpFlag];
  const { values, positional, problems } = parseFlags(own, args);
  if (values.get('help') === 'true') return { kind: 'help', text: versionUsage };
  const wrong = [...problems, ...positional.map((word) => `unexpected argument: ${word}`)];
  if (wrong.length > 0) return refused(versionUsage, wrong);
  return { kind: 'command', command: { name: 'version', format: formatOf(values) } };
};

/** The arguments of a deployment can be taken over as they are. */
function withStart(own: readonly FlagDefinition[], homeDirectory: string): FlagDefinition[] {
  const start = flagDefinitions(homeDirectory).filter(({ name }) => name !== 'version');
  return [...start, ...own];
}

function help(usage: string, own: readonly FlagDefinition[]): ReturnType<Reader> {
  const flags = own.map(flagLines).join('\n');
  const text = `${usage}\nFlags:\n${flags}\n\nThe flags of a start are explained by target-allocator --help.\n`;
  return { kind: 'help', text };
}

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
function readServiceAccount(text: string): ServiceAccountName | undefined {
  const found =
    /^([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)\/([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)$/.exec(text);
  const [, namespace, name] = found ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
