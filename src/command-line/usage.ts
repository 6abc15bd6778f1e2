import type { FlagDefinition } from './flag-set.js';

const lineWidth = 100;
const indent = '        ';
const groups = [
  'Configuration',
  'Serving',
  'HTTPS',
  'Kubernetes',
  'Plugins',
  'Logging',
  'Diagnosis',
] as const;

/** The help: every flag with what it means, its default, and what says the same elsewhere. */
export function usage(definitions: readonly FlagDefinition[]): string {
  const flags = groups.map((group) => {
    const own = definitions.filter((flag) => flag.group === group);
    return `${group}:\n${own.map(flagLines).join('\n')}`;
  });
  return `Usage: target-allocator [flags]
       target-allocator check [<config>] ...
       target-allocator rbac ...
       target-allocator version ...
       target-allocator new-plugin <name> ...
       target-allocator plugin check <folder> ...

Discovers Prometheus scrape targets and spreads them over OpenTelemetry Collectors.

Without a command it serves. check tells everything that is wrong with a configuration, rbac prints
the rights that a configuration needs in its cluster, new-plugin makes a plugin package, and plugin
check checks one. Each explains itself with --help.

Explicit flags win over the environment, the environment over the file, the file over defaults.
Flags take their value after = or a space, booleans only after =.

${flags.join('\n\n')}

Environment:
  OTELCOL_NAMESPACE
${wrap('The namespace of the collectors; wins over collector_namespace in the file.')}
  ALLOW_INSECURE_AUTH_SECRETS
${wrap('Exactly true: secrets over plain HTTP, as the flag.')}
  OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
${wrap("The resource of the allocator's own metrics.")}
`;
}

/** What the help says of one flag. */
export function flagLines(flag: FlagDefinition): string {
  const { name, type, default: otherwise, help, env, key } = flag;
  const written = type === 'bool' ? `--${name}` : `--${name} ${type}`;
  const twins = [
    ...(env === undefined ? [] : [`environment: ${env}`]),
    ...(key === undefined ? [] : [`file: ${key}`]),
  ];
  const shownTwins = twins.length === 0 ? '' : ` (${twins.join(', ')})`;
  const shownDefault = otherwise === '' ? 'none' : otherwise;
  return `  ${written}\n${wrap(`${help} (default: ${shownDefault})${shownTwins}`)}`;
}

function wrap(text: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const isFull = line.length + word.length > lineWidth && line !== indent;
    if (isFull) lines.push(line.trimEnd());
    line = `${isFull ? indent : line}${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
