import { Worker } from 'node:worker_threads';

/** Where the main thread was when it was found to stand still. */
export interface Stall {
  /** How long it had stood still when it was asked, in milliseconds. */
  readonly sinceMs: number;
  /** The calls in progress, the innermost first. */
  readonly frames: readonly { readonly url: string; readonly line: number }[];
}

/** What the thread needs. */
export interface StallThreadOptions {
  /** Counted up by the main thread as long as its event loop turns. */
  readonly beats: Int32Array;
  /** How long no beat may come, in milliseconds. */
  readonly limitMs: number;
  readonly onStall: (stall: Stall) => void;
}

/**
 * Runs in the thread; plain text, because a bundle has no file of its own for it. The debugger of the main thread is
 * attached for the moment of a stall only: it stops, tells where it is, and goes on.
 */
const script = `
const { parentPort, workerData } = require('node:worker_threads');
const { Session } = require('node:inspector');
const { beats, limitMs } = workerData;
let last = -1;
let since = Date.now();
let told = false;
setInterval(() => {
  const beat = Atomics.load(beats, 0);
  if (beat !== last) {
    last = beat;
    since = Date.now();
    told = false;
  } else if (!told && Date.now() - since >= limitMs) {
    told = true;
    ask(Date.now() - since);
  }
}, Math.max(10, limitMs / 5));

function ask(sinceMs) {
  const session = new Session();
  const urls = new Map();
  session.connectToMainThread();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.map(({ location }) => ({
      url: urls.get(location.scriptId) ?? '',
      line: location.lineNumber + 1,
    }));
    parentPort.postMessage({ sinceMs, frames });
    session.post('Debugger.resume', () => session.post('Debugger.disable', () => session.disconnect()));
  });
  session.post('Debugger.enable');
  session.post('Debugger.pause');
}
`;

/** A thread that looks whether the main one still turns, and asks it where it is when it does not. */
export function watchForStalls({ beats, limitMs, onStall }: StallThreadOptions): Worker {
  const worker = new Worker(script, { eval: true, workerData: { beats, limitMs } });
  worker.on('message', onStall);
  worker.unref();
  return worker;
}
