import type { Writable } from 'node:stream';

import type { Environment } from './modules/config/index.js';
import type { FaultEvents } from './process-faults.js';
import type { StopSignals } from './stop-signals.js';

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
  /** The signals that ask to end, heard since the process began. */
  readonly stopSignals: Pick<StopSignals, 'handle' | 'letGo'>;
  /** From now on V8 compiles with an effort that fits a process that serves. */
  readonly tuneCompiler: () => void;
  readonly faults: FaultEvents;
}
export type SignalName = 'SIGHUP' | 'SIGUSR2';
