import type { FlagDefinition } from './flag-set.js';

const lineWidth = 100;
const indent = '        ';

/** The help: every flag with what it means and its default. */
export function usage(definitions: readonly FlagDefinition[]): string {
  const flags = definitions.map((flag) => {
    const name = flag.type === 'bool' ? `--${flag.name}` : `--${flag.name} ${flag.type}`;
    const shownDefault = flag.default === '' ? 'none' : flag.default;
    return `  ${name}\n${wrap(`${flag.help} (default: ${shownDefault})`)}`;
  });
  return `Usage: target-allocator [flags]

Discovers Prometheus scrape targets and spreads them over OpenTelemetry Collectors.
Explicit flags win over the environment, the environment over the file, the file over defaults.

Flags (with = or a space before the value; booleans only with =):
${flags.join('\n')}

Environment:
  OTELCOL_NAMESPACE
${wrap('The namespace of the collectors; wins over collector_namespace in the file.')}
  ALLOW_INSECURE_AUTH_SECRETS
${wrap('Exactly true: secrets over plain HTTP, as the flag.')}
  OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES
${wrap("The resource of the allocator's own metrics.")}
`;
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
