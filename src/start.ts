import { readCommandLine } from './command-line/command-line.js';
import type { ProcessBoundary } from './process-boundary.js';

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
    case 'command': {
      boundary.stopSignals.letGo();
      // Loaded for those only who use it.
      const { runCommand } = await import('./run-command.js');
      return runCommand(boundary, commandLine.command);
    }
    case 'run': {
      const { env, homeDirectory, stopSignals, stderr, exit } = boundary;
      stopSignals.handle(({ name }) => {
        stderr.write(`target-allocator ended by ${name} before it served\n`);
        exit(0);
      });
      // Loaded for those only who want to run: help and mistakes need not wait for it.
      const { run } = await import('./run.js');
      // Only now: before, the program took longer to load, by as much as is saved.
      boundary.tuneCompiler();
      return run(boundary, { ...commandLine, env, homeDirectory }, commandLine.ignored);
    }
  }
}
