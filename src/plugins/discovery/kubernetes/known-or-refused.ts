import { abortWith, type Informer } from '../../../plugin-api/index.js';

/**
 * Resolves when the informer has synced, or when the server says that it will not: a kind that labels come from must not
 * hold back targets for ever. A server that is not reached is waited for.
 *
 * @throws The signal's reason when it aborts first.
 */
export async function knownOrRefused(
  informer: Informer<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const refused = new Promise<void>((resolve) => {
    const check = (): void => {
      if (isRefused(informer)) resolve();
    };
    const unsubscribe = informer.onFailure(check);
    settled.signal.addEventListener('abort', unsubscribe, { once: true });
    check();
  });
  const untie = abortWith(settled, signal);
  try {
    await Promise.race([informer.synced(settled.signal), refused]);
  } finally {
    untie();
    settled.abort();
  }
}

function isRefused({ failure }: Informer<unknown>): boolean {
  return failure !== undefined && failure.kind !== 'unavailable';
}
