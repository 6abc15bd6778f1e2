import { ApiStatusError } from './api-status.js';
import {
  ApiConnectionError,
  ApiProtocolError,
  ApiTimeoutError,
  WatchListUnavailableError,
} from './kubernetes.errors.js';
import { describeResource, resourceName, type ResourceQuery } from './resource-query.js';

/** What the next list must not be older than: what was seen last, or nothing less than the newest. */
export type ListFrom = 'seen' | 'newest';

/** How to go on after a failure. The cache stays as it is in every case. */
export interface Recovery {
  /** For metrics: one word for the failure. */
  readonly kind: string;
  /** Absent: the watch is taken up where it stopped. */
  readonly listFrom?: ListFrom;
  /** Use LIST instead of a WatchList stream from now on. */
  readonly withoutWatchList?: boolean;
  /** Another way is tried, so there is no reason to wait, unless this happened just now. */
  readonly atOnce?: boolean;
  readonly leastDelayMs?: number;
  /** The server answers, but not for this kind. */
  readonly isRefused?: boolean;
}

/** @param wasListing The failure came while listing from `formerListFrom`. */
export function recoveryFrom(error: unknown, wasListing: ListFrom | undefined): Recovery {
  if (error instanceof WatchListUnavailableError) {
    return { kind: 'watch-list', withoutWatchList: true, atOnce: true };
  }
  if (error instanceof ApiStatusError) return recoveryFromStatus(error, wasListing);
  if (error instanceof ApiProtocolError)
    return { kind: 'protocol', listFrom: wasListing ?? 'seen' };
  if (error instanceof ApiTimeoutError) return { kind: 'timeout' };
  if (error instanceof ApiConnectionError) return { kind: 'connection' };
  return { kind: 'other' };
}

function recoveryFromStatus(error: ApiStatusError, wasListing: ListFrom | undefined): Recovery {
  if (error.isTooLargeVersion)
    return { kind: 'too-large-version', listFrom: 'newest', atOnce: true };
  // A list "not older than" spares etcd; the newest is asked for only when the server cannot give that.
  if (error.isExpired) {
    const listFrom = wasListing === undefined ? 'seen' : 'newest';
    return { kind: 'expired', listFrom, atOnce: true };
  }
  const { retryAfterMs } = error.details;
  const kind = String(error.status);
  // A CRD that comes back has other objects, and the watch may know nothing of how the former ones went.
  if (error.status === 404) return { kind, listFrom: wasListing ?? 'seen', isRefused: true };
  if (error.status === 403) return { kind, isRefused: true };
  return retryAfterMs === undefined ? { kind } : { kind, leastDelayMs: retryAfterMs };
}

/** What an operator must know of a failure. */
export function describeFailure(error: unknown, query: ResourceQuery): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiStatusError)) return message;
  if (error.status === 403) {
    return `${message}; needed: verbs list and watch on ${describeResource(query)}`;
  }
  if (error.status === 404) {
    return `${message}; the API server does not serve ${resourceName(query)} ${query.version} (list, watch in ${query.namespace ?? 'all namespaces'}); is its CRD installed?`;
  }
  return message;
}
