import type { Server } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** About a millisecond where there is little to do. */
const QUIET_TURNS = 300;
/** About a second: whoever is asked more often than that is not waited for. */
const MOST_TURNS = 300_000;

/**
 * Resolves when for some turns of the event loop nobody has connected and nobody has asked. Who stops listening then cuts
 * nobody off: the kernel resets connections that nobody has accepted yet, and those whose request nobody has read.
 */
export async function quietMoment(server: Server): Promise<void> {
  let quietTurns = 0;
  const isBusy = (): void => {
    quietTurns = 0;
  };
  server.on('connection', isBusy).on('request', isBusy);
  for (let turn = 0; turn < MOST_TURNS && quietTurns < QUIET_TURNS; turn++) {
    quietTurns += 1;
    await nextTurn();
  }
  server.off('connection', isBusy).off('request', isBusy);
}
