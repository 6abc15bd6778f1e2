import { createHash } from 'node:crypto';
import type { ResourceStatus } from '../resource-statuses.js';

const component = 'target-allocator';
/** What events.k8s.io takes for a note, in bytes. */
const longestMessageBytes = 1024;
/** Leaves room for the hash in the 253 characters that a name may have. */
const longestNamePart = 230;

export interface EventOccasion {
  /** Events that this process has written for the resource before. */
  readonly formerEvents: number;
  /** Wall clock time in milliseconds. */
  readonly epochMs: number;
}

/**
 * The Event that tells what became of a resource. Its name follows from what it tells, so that replicas, and a process that
 * starts again, do not tell the same thing twice; what comes up anew in the life of a process is told anew.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export function resourceEvent(status: ResourceStatus, occasion: EventOccasion): unknown {
  const { apiVersion, kind, metadata } = status.resource;
  const { namespace, name, uid, resourceVersion } = metadata;
  const isRejected = status.state === 'rejected';
  const message = isRejected ? rejection(status) : 'The resource is accepted again.';
  const hash = createHash('sha256')
    .update(JSON.stringify([uid, message, occasion.formerEvents]))
    .digest('hex')
    .slice(0, 16);
  const timestamp = new Date(occasion.epochMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { namespace, name: `${namePart(name)}.${hash}` },
    involvedObject: { apiVersion, kind, namespace, name, uid, resourceVersion },
    type: isRejected ? 'Warning' : 'Normal',
    reason: isRejected ? 'InvalidConfiguration' : 'ConfigurationAccepted',
    message,
    source: { component },
    reportingComponent: component,
    firstTimestamp: timestamp,
    lastTimestamp: timestamp,
    count: 1,
  };
}

function rejection({ reasons, jobs }: ResourceStatus): string {
  const consequence =
    jobs.length > 0 ? 'The last good version stays in use' : 'The resource is not used';
  return cutTo(longestMessageBytes, `${consequence}: ${reasons.join('; ')}`);
}

function cutTo(bytes: number, text: string): string {
  const all = Buffer.from(text);
  if (all.length <= bytes) return text;
  const mark = '…';
  // A character that is cut in two ends as a replacement character, which is taken off.
  const cut = all.subarray(0, bytes - Buffer.byteLength(mark)).toString('utf8');
  return `${cut.replace(/\uFFFD+$/, '')}${mark}`;
}

/** Neither part of a name may end with a dash. */
function namePart(name: string): string {
  return name.slice(0, longestNamePart).replace(/[-.]+$/, '');
}
