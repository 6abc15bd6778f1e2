import { bootstrap } from './bootstrap.js';
import { describeProblem, type Problem } from './core/document/problem.js';
import { DecodedJobs } from './core/scrape-config/decoded-jobs.js';
import { installPlugins } from './installed-plugins.js';
import { knownPlugins } from './known-plugins.js';
import { type ConfigSources, loadConfig, ReloadingConfigService } from './modules/config/index.js';
import type { InstalledPlugins } from './modules/plugins/index.js';
import { describeError, PinoLogger, SystemClock } from './modules/telemetry/index.js';
import type { Clock, Logger } from './plugin-api/index.js';
import type { ProcessBoundary } from './process-boundary.js';
import { ProcessFaults } from './process-faults.js';
import { Profiles } from './profiles.js';
import { Shutdown } from './shutdown.js';

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
  const clock = new SystemClock();
  const logger = PinoLogger.create(sources.log, clock, boundary.stderr);
  boundary.stopSignals.handle(({ name: signal }) => {
    // Nobody is served yet.
    logger.info('ended before it served', { signal });
    boundary.exit(0);
  });
  const plugins = await installedOrWhyNot(sources, { logger: logger.child('plugins'), clock });
  if (typeof plugins === 'string') {
    boundary.stderr.write(`Failed to load plugins:\n${plugins}\n`);
    return 1;
  }
  const known = knownPlugins(plugins.installed);
  const tools = { clock, decodedJobs: new DecodedJobs() };
  const initial = await loadConfig(sources, known, 'start', tools);
  if (initial.kind === 'refused') {
    boundary.stderr.write(`Failed to load config:\n${problemLines(initial.problems)}`);
    return 1;
  }
  logger.info('starting the target allocator', { version: boundary.version });
  if (ignored.length > 0) {
    logger.warn('arguments that are no flags have no meaning', { arguments: ignored });
  }
  const config = new ReloadingConfigService({
    initial,
    load: () => loadConfig(sources, known, 'reload', tools),
    logger: logger.child('config'),
    clock,
  });
  try {
    await serve(boundary, config, { logger, clock, plugins });
    return undefined;
  } catch (error) {
    logger.error('start-up failed', { error });
    boundary.stderr.write(`Failed to start: ${describeError(error)}\n`);
    return 1;
  }
}

interface ServeTools {
  readonly logger: PinoLogger;
  readonly clock: Clock;
  readonly plugins: InstalledPlugins;
}

async function installedOrWhyNot(
  sources: ConfigSources,
  tools: { readonly logger: Logger; readonly clock: Clock },
): Promise<InstalledPlugins | string> {
  try {
    return await installPlugins(sources, tools);
  } catch (error) {
    if (error instanceof AggregateError) return error.message;
    throw error;
  }
}

async function serve(
  { env, version, exit, onSignal, stopSignals, faults: events }: ProcessBoundary,
  config: ReloadingConfigService,
  { logger, clock, plugins }: ServeTools,
): Promise<void> {
  const faults = new ProcessFaults(events, logger, exit);
  onSignal('SIGHUP', () => void config.reload('SIGHUP'));
  const profiles = new Profiles({ clock, logger: logger.child('profiles') });
  onSignal('SIGUSR2', () => void profiles.write(config.current.profileDir));
  const running = await bootstrap({ config, plugins, logger, clock, env, version });
  faults.meter(running.meter);
  logger.meter(running.meter);
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
  stopSignals.handle((signal) => {
    shutdown.request(signal);
  });
  config.watch();
  logger.info('serving', { url: running.url, httpsUrl: running.httpsUrl });
}

function problemLines(problems: readonly Problem[]): string {
  return problems.map((problem) => `  ${problem.severity}: ${describeProblem(problem)}\n`).join('');
}
