/**
 * Aborts the controller, with the same reason, when the signal aborts: at once when it has. For loops that wait for
 * whichever comes first of a signal that lives long and something of their own.
 *
 * `AbortSignal.any` would do, but leaves something behind with each of its signals for as long as that lives (Node 20).
 *
 * @returns Ends the tie; nothing is left of it then.
 */
export function abortWith(controller: AbortController, signal: AbortSignal): () => void {
  const abort = (): void => {
    controller.abort(signal.reason);
  };
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return () => {
    signal.removeEventListener('abort', abort);
  };
}
