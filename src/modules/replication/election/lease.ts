import { isRecord } from '../../../core/document/is-record.js';

/** Which object of the cluster a Lease is. */
export interface LeaseName {
  readonly namespace: string;
  readonly name: string;
}

/** A Lease as the election reads and writes it. */
export interface Lease {
  /** Who holds it; `''`: nobody, it was given back. */
  readonly holder: string;
  /** Where the holder's decisions can be asked for. */
  readonly holderUrl: string | undefined;
  readonly durationMs: number;
  /** How often it went over to another holder. */
  readonly transitions: number;
  /** The object, with the version that a change of it must name. */
  readonly object: Readonly<Record<string, unknown>>;
  /** Another one whenever the holder has renewed it; the times in it are those of clocks that nobody trusts. */
  readonly stamp: string;
}

/** What a replica writes of itself. */
export interface LeaseHolder {
  readonly identity: string;
  readonly url: string;
}

/** Written for every holder, so that replicas of other settings wait long enough. */
const leaseDurationMs = 15_000;
const urlAnnotation = 'target-allocator/decisions-url';
/** Nobody means a longer one, and a replica would wait for a holder that is long gone. */
const longestDurationMs = 60_000;

/** Reads what the API server answers; what is not as it should be counts as not there. */
export function readLease(answer: unknown): Lease {
  const object = recordOf(answer);
  const spec = recordOf(object['spec']);
  const annotations = recordOf(recordOf(object['metadata'])['annotations']);
  const seconds = numberOf(spec['leaseDurationSeconds']) ?? leaseDurationMs / 1000;
  return {
    holder: textOf(spec['holderIdentity']) ?? '',
    holderUrl: textOf(annotations[urlAnnotation]),
    durationMs: Math.min(Math.max(seconds, 0) * 1000, longestDurationMs),
    transitions: numberOf(spec['leaseTransitions']) ?? 0,
    object,
    stamp: JSON.stringify(spec),
  };
}

/** The first Lease, where there was none. */
export function newLease(name: LeaseName, holder: LeaseHolder, epochMs: number): unknown {
  const metadata = { ...name, annotations: { [urlAnnotation]: holder.url } };
  const spec = { ...specOf(holder.identity, epochMs), acquireTime: microTime(epochMs) };
  return { ...kind, metadata, spec: { ...spec, leaseTransitions: 0 } };
}

/** The Lease renewed by its holder, or taken over by another. What else stands in it stays. */
export function heldLease(lease: Lease, holder: LeaseHolder, epochMs: number): unknown {
  const isRenewal = lease.holder === holder.identity;
  const former = recordOf(lease.object['spec']);
  const metadata = recordOf(lease.object['metadata']);
  const annotations = { ...recordOf(metadata['annotations']), [urlAnnotation]: holder.url };
  return {
    ...lease.object,
    metadata: { ...metadata, annotations },
    spec: {
      ...former,
      ...specOf(holder.identity, epochMs),
      acquireTime: isRenewal ? former['acquireTime'] : microTime(epochMs),
      leaseTransitions: isRenewal ? lease.transitions : lease.transitions + 1,
    },
  };
}

/** The Lease given back: whoever sees it may take it at once. */
export function releasedLease(lease: Lease, epochMs: number): unknown {
  const spec = { ...recordOf(lease.object['spec']), ...specOf('', epochMs) };
  return { ...lease.object, spec: { ...spec, leaseDurationSeconds: 1 } };
}

const kind = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' } as const;

function specOf(holderIdentity: string, epochMs: number): Readonly<Record<string, unknown>> {
  const leaseDurationSeconds = leaseDurationMs / 1000;
  return { holderIdentity, leaseDurationSeconds, renewTime: microTime(epochMs) };
}

/** `MicroTime` of Kubernetes has six digits after the point. */
function microTime(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/Z$/, '000Z');
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
