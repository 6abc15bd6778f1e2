import type { Clock } from '../../plugin-api/index.js';
import type { ApiClient } from './api-connection.js';
import { IdleTimer } from './idle-timer.js';

const probeTimeoutMs = 4_000;

/**
 * Whether a server has started and reaches its storage. What stands before a server may not let the question through:
 * then an answer at all is what can be known.
 *
 * @see https://kubernetes.io/docs/reference/using-api/health-checks/
 */
export async function isServing(
  client: ApiClient,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const idle = new IdleTimer(clock, signal);
  idle.allow(probeTimeoutMs, 'GET /readyz');
  try {
    const { status, body } = await client.request({ path: '/readyz', signal: idle.signal });
    body.resume();
    return status < 500 && status !== 401 && status !== 429;
  } catch {
    // Why is told by those who wait for it.
    return false;
  } finally {
    idle.stop();
  }
}
