import type { AllocationEngine } from '../../../core/allocation/engine.js';
import { byKey } from '../../../core/allocation/testing/strategies.js';
import { type Clock, runInSlices } from '../../../plugin-api/index.js';
import { RecordingLogger } from '../../../plugin-api/testing/fake-context.js';
import type { LeaseStore } from '../election/lease-store.js';
import { Replica } from '../replica.js';

/** A replica of an engine that knows its targets, with the bound of a start of a minute. */
export function replicaOf(engine: AllocationEngine, store: LeaseStore, clock: Clock): Replica {
  const { keyed } = byKey;
  if (keyed === undefined) throw new TypeError('the strategy is keyed');
  return new Replica({
    ...{ keyed, store, clock, logger: new RecordingLogger(), startupTimeoutMs: 60_000 },
    view: () => engine,
    inTurn: (work) =>
      work({
        view: engine,
        owners: engine,
        remembered: undefined,
        guide: async (guidance) => runInSlices(engine.guide(guidance), clock),
        redecide: (jobs) => runInSlices(engine.redecide(jobs), clock),
      }),
    knowsTargets: () => true,
  });
}
