import type { Command } from './command-line/command.js';
import type { StartRequest } from './command-line/start-request.js';
import { checkConfig, reportText as configText } from './commands/check/check-config.js';
import { checkPlugin, reportText as pluginText } from './commands/check-plugin/check-plugin.js';
import { newPlugin } from './commands/new-plugin/new-plugin.js';
import { NewPluginError } from './commands/new-plugin/new-plugin.errors.js';
import { rbacYaml } from './commands/rbac/rbac-yaml.js';
import { versionReport, versionText } from './commands/version/version.js';
import { describeProblem } from './core/document/problem.js';
import { builtInOwners } from './installed-plugins.js';
import { neededRights, roleManifests } from './modules/cluster-rights/index.js';
import type { ConfigSources } from './modules/config/index.js';
import type { ProcessBoundary } from './process-boundary.js';
import { readConfig } from './read-config.js';

type Outside = Pick<ProcessBoundary, 'env' | 'homeDirectory' | 'stdout' | 'stderr' | 'version'>;
type CommandNamed<Name extends Command['name']> = Extract<Command, { readonly name: Name }>;

/** Does what a command asks for. Resolves with the exit code. */
export async function runCommand(outside: Outside, command: Command): Promise<number> {
  switch (command.name) {
    case 'check':
      return check(outside, command);
    case 'rbac':
      return rbac(outside, command);
    case 'version': {
      const report = await versionReport(outside.version);
      outside.stdout.write(command.format === 'json' ? json(report) : versionText(report));
      return 0;
    }
    case 'plugin check': {
      const report = await checkPlugin(command.directory, builtInOwners());
      const isJson = command.format === 'json';
      return tell(outside, report.ok, isJson ? { json: report } : { text: pluginText(report) });
    }
    case 'new-plugin':
      return makePlugin(outside, command);
  }
}

async function check(outside: Outside, { start, format }: CommandNamed<'check'>): Promise<number> {
  const report = await checkConfig(
    start.configFile,
    await readConfig(sources(outside, start), 'start'),
  );
  const isJson = format === 'json';
  return tell(outside, report.ok, isJson ? { json: report } : { text: configText(report) });
}

async function rbac(outside: Outside, command: CommandNamed<'rbac'>): Promise<number> {
  const { stdout, stderr } = outside;
  const { start, isNamespaceScoped, format } = command;
  // What is needed does not depend on files that are only there when it runs.
  const read = await readConfig(sources(outside, start), 'reload');
  const lines = read.problems
    .filter(({ severity }) => severity === 'error')
    .map((problem) => `error: ${describeProblem(problem)}\n`);
  if (read.kind === 'refused') {
    stderr.write(`The configuration is refused:\n${lines.join('')}`);
    return 1;
  }
  const namespace = read.config.collectorNamespace || 'default';
  const serviceAccount = command.serviceAccount ?? { namespace, name: 'target-allocator' };
  const needed = neededRights(read.config, { ownNamespace: serviceAccount.namespace });
  const set = roleManifests(needed.rights, { serviceAccount, isNamespaceScoped });
  const title = `The least rights that ${start.configFile} needs, for the service account ${serviceAccount.namespace}/${serviceAccount.name}.`;
  stdout.write(format === 'json' ? json({ ...needed, ...set }) : rbacYaml(needed, set, title));
  return 0;
}

async function makePlugin(
  { stdout, stderr }: Outside,
  { plugin }: CommandNamed<'new-plugin'>,
): Promise<number> {
  try {
    const { directory, files } = await newPlugin(plugin);
    const list = files.map((file) => `  ${file}\n`).join('');
    stdout.write(`${directory}\n${list}\n${nextSteps(directory)}`);
    return 0;
  } catch (error) {
    if (!(error instanceof NewPluginError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

/** What programs read goes to the standard output, whatever it says. */
function tell(
  { stdout, stderr }: Outside,
  isOk: boolean,
  report: { readonly json: unknown } | { readonly text: string },
): number {
  if ('json' in report) stdout.write(json(report.json));
  else (isOk ? stdout : stderr).write(report.text);
  return isOk ? 0 : 1;
}

function sources({ env, homeDirectory }: Outside, start: StartRequest): ConfigSources {
  return { ...start, env, homeDirectory };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function nextSteps(directory: string): string {
  return `Next:\n  cd ${directory}\n  npm install\n  npm run build && npm run lint && npm test && npm run check\n`;
}
