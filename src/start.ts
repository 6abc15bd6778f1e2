import type { Writable } from 'node:stream';

import { bootstrap } from './bootstrap.js';
import { readCommandLine } from './command-line/command-line.js';
import { describeProblem, type Problem } from './core/document/problem.js';
import { knownPlugins } from './known-plugins.js';
import {
  type ConfigSources,
  type Environment,
  loadConfig,
  ReloadingConfigService,
} from './modules/config/index.js';
import { describeError, PinoLogger, SystemClock } from './modules/telemetry/index.js';
import type { Clock, Logger } from './plugin-api/index.js';
import { type FaultEvents, ProcessFaults } from './process-faults.js';
import { builtInPlugins } from './plugins/built-in-plugins.js';
import { Shutdown, type StopSignal } from './shutdown.js';

/** What the program sees of its process. */
export interface ProcessBoundary {
  readonly args: readonly string[];
  readonly env: Environment;
  readonly homeDirectory: string;
  readonly version: string;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Ends the process at once. */
  readonly exit: (code: number) => void;
  /** Calls back for each signal of this name. */
  readonly onSignal: (name: SignalName, action: () => void) => void;
  readonly faults: FaultEvents;
}
export type SignalName = 'SIGHUP' | 'SIGINT' | 'SIGTERM';

/**
 * Runs the allocator as the arguments say. Resolves with an exit code when it is over before it begins, with `undefined`
 * once it serves.
 */
export async function start(boundary: ProcessBoundary): Promise<number | undefined> {
  const commandLine = readCommandLine(boundary.args, boundary.homeDirectory);
  switch (commandLine.kind) {
    case 'help':
      boundary.stdout.write(commandLine.text);
      return 0;
    case 'version':
      boundary.stdout.write(`target-allocator ${boundary.version}\n`);
      return 0;
    case 'refused':
      boundary.stderr.write(commandLine.text);
      return 2;
    case 'run': {
      const { env, homeDirectory } = boundary;
      const { configFile, overrides, log, isStrict, ignored } = commandLine;
      return run(boundary, { configFile, overrides, log, isStrict, env, homeDirectory }, ignored);
    }
  }
}

async function run(
  boundary: ProcessBoundary,
  sources: ConfigSources,
  ignored: readonly string[],
): Promise<number | undefined> {
  const plugins = knownPlugins(builtInPlugins);
  const initial = await loadConfig(sources, plugins, 'start');
  if (initial.kind === 'refused') {
    boundary.stderr.write(`Failed to load config:\n${problemLines(initial.problems)}`);
    return 1;
  }
  const clock = new SystemClock();
  const logger = PinoLogger.create(sources.log, clock, boundary.stderr);
  logger.info('starting the target allocator', { version: boundary.version });
  if (ignored.length > 0) {
    logger.warn('arguments that are no flags have no meaning', { arguments: ignored });
  }
  const config = new ReloadingConfigService({
    initial,
    load: () => loadConfig(sources, plugins, 'reload'),
    logger: logger.child('config'),
    clock,
  });
  try {
    await serve(boundary, config, { logger, clock });
    return undefined;
  } catch (error) {
    logger.error('start-up failed', { error });
    boundary.stderr.write(`Failed to start: ${describeError(error)}\n`);
    return 1;
  }
}

async function serve(
  { env, version, exit, onSignal, faults: events }: ProcessBoundary,
  config: ReloadingConfigService,
  { logger, clock }: { readonly logger: Logger; readonly clock: Clock },
): Promise<void> {
  const faults = new ProcessFaults(events, logger, exit);
  // Nobody is served yet.
  let onStop: (signal: StopSignal) => void = () => {
    exit(0);
  };
  onSignal('SIGHUP', () => void config.reload('SIGHUP'));
  onSignal('SIGTERM', () => {
    onStop({ name: 'SIGTERM', number: 15 });
  });
  onSignal('SIGINT', () => {
    onStop({ name: 'SIGINT', number: 2 });
  });
  const running = await bootstrap({ config, plugins: builtInPlugins, logger, clock, env, version });
  faults.meter(running.meter);
  const shutdown = new Shutdown({
    logger,
    clock,
    delayMs: () => config.current.shutdownDelayMs,
    beginShutdown: () => {
      running.beginShutdown();
    },
    close: async () => {
      await config.close();
      await running.close();
    },
    exit,
  });
  onStop = (signal) => {
    shutdown.request(signal);
  };
  config.watch();
  logger.info('serving', { url: running.url });
}

function problemLines(problems: readonly Problem[]): string {
  return problems.map((problem) => `  ${problem.severity}: ${describeProblem(problem)}\n`).join('');
}
