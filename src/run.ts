import { bootstrap } from './bootstrap.js';
import { describeProblem, type Problem } from './core/document/problem.js';
import { knownPlugins } from './known-plugins.js';
import { type ConfigSources, loadConfig, ReloadingConfigService } from './modules/config/index.js';
import { describeError, PinoLogger, SystemClock } from './modules/telemetry/index.js';
import type { Clock, Logger } from './plugin-api/index.js';
import { builtInPlugins } from './plugins/built-in-plugins.js';
import type { ProcessBoundary } from './process-boundary.js';
import { ProcessFaults } from './process-faults.js';
import { Profiles } from './profiles.js';
import { Shutdown, type StopSignal } from './shutdown.js';

/**
 * Reads the configuration and serves. Resolves with an exit code when it cannot, with `undefined` once it does.
 *
 * @param ignored Arguments without meaning, to be told of.
 */
export async function run(
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
  const profiles = new Profiles({ clock, logger: logger.child('profiles') });
  onSignal('SIGUSR2', () => void profiles.write(config.current.profileDir));
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
