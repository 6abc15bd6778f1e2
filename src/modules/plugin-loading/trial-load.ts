import { Worker } from 'node:worker_threads';
import type { Clock } from '../../plugin-api/index.js';
import { type PackageIdentity, PluginLoadError } from './plugin-loading.errors.js';

/** What a thread says: first that the plugin's turn has come, then how the import of it went. */
type Message = { readonly kind: 'importing' } | Outcome;
type Outcome =
  | { readonly kind: 'imported' }
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly code: string;
      readonly message: string;
    };

/**
 * Runs in the thread; plain text, because a bundle has no file of its own for it. Import only: what a plugin does when
 * it is made is supervised elsewhere.
 */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const say = (message) => parentPort.postMessage(message);
(async () => {
  if (workerData.prelude !== undefined) await import(workerData.prelude);
  say({ kind: 'importing' });
  await import(workerData.url);
})().then(
  () => say({ kind: 'imported' }),
  (error) => say({
    kind: 'failed',
    name: String(error?.name ?? ''),
    code: String(error?.code ?? ''),
    message: String(error?.message ?? error),
  }),
);
`;

/** What a trial needs. */
export interface TrialOptions {
  readonly clock: Clock;
  /** How long the import of the file may take, in milliseconds. What the thread needs before that, on a busy machine, is not counted. */
  readonly timeoutMs: number;
  /** The URL of a module that the thread imports before. */
  readonly prelude?: string;
}

/**
 * Imports a file in a thread of its own first: whatever hangs there, ends the process or exhausts its memory does it
 * there.
 *
 * @param url The file URL to import.
 * @throws PluginLoadError saying what the import came to.
 */
export async function trialLoad(
  url: string,
  identity: PackageIdentity,
  options: TrialOptions,
): Promise<void> {
  const worker = new Worker(script, {
    eval: true,
    workerData: { url, prelude: options.prelude },
    resourceLimits: { maxOldGenerationSizeMb: 256 },
    // What a plugin prints while it is imported is not the host's output.
    stdout: true,
    stderr: true,
  });
  try {
    const outcome = await outcomeOf(worker, identity, options);
    if (outcome.kind === 'failed') throw failure(outcome, identity);
  } finally {
    await worker.terminate();
  }
}

function outcomeOf(
  worker: Worker,
  identity: PackageIdentity,
  { clock, timeoutMs }: TrialOptions,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => undefined;
    const hung = (): void => {
      reject(
        new PluginLoadError('TA_PLUGIN_HUNG', identity, {
          reason: `its import did not end within ${String(timeoutMs)} ms`,
          advice: 'a module must not wait or loop at its top level; do it in create() or run()',
        }),
      );
    };
    // The clock's timers keep no process alive, and the thread alone must do so until it has answered.
    worker.on('message', (message: Message) => {
      cancel();
      if (message.kind === 'importing') cancel = clock.after(timeoutMs, hung);
      else resolve(message);
    });
    worker.once('error', (cause) => {
      cancel();
      reject(threw(identity, cause.message, cause));
    });
    worker.once('exit', (code) => {
      cancel();
      reject(
        new PluginLoadError('TA_PLUGIN_ENDED', identity, {
          reason: `its import ended the process (code ${String(code)})`,
          advice: 'a plugin must not call process.exit',
        }),
      );
    });
  });
}

function failure(
  { name, code, message }: Extract<Outcome, { readonly kind: 'failed' }>,
  identity: PackageIdentity,
): PluginLoadError {
  if (name === 'SyntaxError') {
    const advice = 'it must be JavaScript that this Node runs, built from its sources';
    return new PluginLoadError('TA_PLUGIN_SYNTAX', identity, {
      reason: `it cannot be read: ${message}`,
      advice,
    });
  }
  if (code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND') {
    return new PluginLoadError('TA_PLUGIN_DEPENDENCY', identity, {
      reason: `something that it imports is not there: ${message}`,
      advice: 'install its dependencies beside it',
    });
  }
  return threw(identity, message);
}

function threw(identity: PackageIdentity, message: string, cause?: unknown): PluginLoadError {
  return new PluginLoadError('TA_PLUGIN_THREW', identity, {
    reason: `its import failed: ${message}`,
    advice: 'ask its author, or run "target-allocator plugin check <folder>"',
    cause,
  });
}
