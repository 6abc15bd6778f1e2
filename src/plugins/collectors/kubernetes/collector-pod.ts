import { labelSetOf, type Collector, type LabelSet } from '../../../plugin-api/index.js';

/** What of a pod decides whether it is a collector. */
export interface CollectorPod {
  readonly name: string;
  /** `undefined`: not scheduled yet. */
  readonly node: string | undefined;
  /** Being deleted: it may still be ready, but not for long. */
  readonly isTerminating: boolean;
  /** Since when it is to be running but is not, in milliseconds since the Unix epoch. */
  readonly notRunningSinceMs: number | undefined;
  /** Since when it is not ready, in milliseconds since the Unix epoch. */
  readonly notReadySinceMs: number | undefined;
  readonly labels: LabelSet;
  readonly annotations: LabelSet;
}

/** Reduces a pod on arrival; `undefined` for what is no pod. */
export function slimPod(object: unknown): CollectorPod | undefined {
  const metadata = recordIn(object, 'metadata');
  const status = recordIn(object, 'status');
  const name = metadata['name'];
  if (typeof name !== 'string') return undefined;
  const node = recordIn(object, 'spec')['nodeName'];
  return {
    name,
    node: typeof node === 'string' && node !== '' ? node : undefined,
    isTerminating: typeof metadata['deletionTimestamp'] === 'string',
    notRunningSinceMs: status['phase'] === 'Running' ? undefined : timeOf(status['startTime']),
    notReadySinceMs: notReadySince(status['conditions']),
    labels: textsIn(metadata['labels']),
    annotations: textsIn(metadata['annotations']),
  };
}

/** Whether a pod is a collector now, and when that ends by itself. */
export interface PodVerdict {
  readonly isCollector: boolean;
  /** Milliseconds since the Unix epoch; `undefined`: not without an event. */
  readonly endsAtMs: number | undefined;
}

/**
 * A pod is a collector when it is scheduled, is not being deleted, and has not been unready or not running for longer
 * than the grace period. Without a grace period (0) its health does not count.
 */
export function judgePod(pod: CollectorPod, nowMs: number, graceMs: number): PodVerdict {
  if (pod.node === undefined || pod.isTerminating) {
    return { isCollector: false, endsAtMs: undefined };
  }
  if (graceMs === 0) return { isCollector: true, endsAtMs: undefined };
  const sinceMs = Math.min(pod.notRunningSinceMs ?? Infinity, pod.notReadySinceMs ?? Infinity);
  if (sinceMs === Infinity) return { isCollector: true, endsAtMs: undefined };
  const endsAtMs = sinceMs + graceMs;
  return nowMs > endsAtMs
    ? { isCollector: false, endsAtMs: undefined }
    : { isCollector: true, endsAtMs };
}

export function collectorOf({ name, node, labels, annotations }: CollectorPod): Collector {
  return { name, labels, annotations, ...(node === undefined ? {} : { node }) };
}

function notReadySince(conditions: unknown): number | undefined {
  if (!Array.isArray(conditions)) return undefined;
  const times = conditions
    .map((condition: unknown) => (isRecord(condition) ? condition : {}))
    .filter(({ type, status }) => type === 'Ready' && status !== 'True')
    // A condition without a time has been so for ever.
    .map(({ lastTransitionTime }) => timeOf(lastTransitionTime) ?? 0);
  return times.length === 0 ? undefined : Math.min(...times);
}

function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

function textsIn(value: unknown): LabelSet {
  const entries = Object.entries(isRecord(value) ? value : {});
  return labelSetOf(entries.flatMap(([k, v]) => (typeof v === 'string' ? [[k, v] as const] : [])));
}

function recordIn(object: unknown, key: string): Readonly<Record<string, unknown>> {
  const value = isRecord(object) ? object[key] : undefined;
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
