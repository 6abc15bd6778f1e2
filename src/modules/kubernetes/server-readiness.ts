import type { ReadinessSource, SourceStatus } from '../health/index.js';
import type { InformerStatus } from './informer-health.js';

/** What readiness must know of an API server. */
export interface ReportingServer {
  readonly name: string;
  /** Readiness waits for it beyond the start-up bound. */
  readonly isRequired: boolean;
  statuses(): readonly InformerStatus[];
}

/**
 * The server itself, which must have answered once, and each of its informers: a server of which nothing at all is known
 * may have any targets, so that no start-up bound makes up for it unless the server is somebody else's.
 */
export function* serverReadiness(server: ReportingServer): Generator<ReadinessSource> {
  const statuses = server.statuses();
  // Single requests have nobody waiting for a state.
  if (statuses.length === 0) return;
  yield {
    name: `kubernetes/${server.name}`,
    required: server.isRequired,
    status: () => serverStatus(statuses),
  };
  for (const status of statuses) {
    yield {
      name: `kubernetes/${server.name}/${status.resource}`,
      status: () => informerStatus(status),
    };
  }
}

function serverStatus(statuses: readonly InformerStatus[]): SourceStatus {
  const lost = statuses.find(({ verdict }) => verdict === 'unavailable');
  const isLost = lost !== undefined && statuses.every(({ verdict }) => verdict === 'unavailable');
  return {
    answered: statuses.some(isAnswered),
    isStale: isLost,
    detail: isLost ? (lost.failure ?? 'not reached') : `${String(statuses.length)} informers`,
  };
}

/** That a kind is refused is an answer, too. */
function isAnswered({ hasSynced, verdict }: InformerStatus): boolean {
  return hasSynced || verdict === 'forbidden' || verdict === 'absent';
}

function informerStatus(status: InformerStatus): SourceStatus {
  const { objects, silentMs, relists, reconnects, failure, lastError } = status;
  const heard = silentMs === undefined ? 'never heard' : `heard ${seconds(silentMs)} s ago`;
  const parts = [
    `${String(objects)} objects`,
    heard,
    `${String(relists)} relists`,
    `${String(reconnects)} reconnects`,
    ...(lastError === undefined
      ? []
      : [`${failure === undefined ? 'last error' : 'fails'}: ${lastError}`]),
  ];
  return {
    answered: isAnswered(status),
    isStale: failure !== undefined,
    detail: parts.join(', '),
  };
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(0);
}
