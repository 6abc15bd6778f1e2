import { Injectable } from '@nestjs/common';
import { isRecord } from '../../core/document/is-record.js';
import { ApiStatusError, KubernetesService } from '../kubernetes/index.js';
import type { AllocatorConfig } from '../config/index.js';
import { AccessReviewError } from './cluster-rights.errors.js';
import type { ClusterRight, RightVerb } from './cluster-right.js';
import { neededRights } from './needed-rights.js';

/** What the API server says of the rights. */
export type AccessReview =
  | {
      readonly state: 'reviewed';
      /** Those that are missing, with the verbs that are. */
      readonly missing: readonly ClusterRight[];
      /** How many there are. */
      readonly reviewed: number;
      /** How many were not asked for, because there are too many. */
      readonly skipped: number;
    }
  /** The server does not review, or not for everybody. */
  | { readonly state: 'refused'; readonly reason: string }
  /** It could not be asked. */
  | { readonly state: 'unknown'; readonly reason: string };

const reviewsAtOnce = 4;
/** Rights beyond these are not asked for: a configuration may name a thousand namespaces. */
const mostRights = 200;

const reviews = {
  group: 'authorization.k8s.io',
  version: 'v1',
  plural: 'selfsubjectaccessreviews',
} as const;

/**
 * Asks the API server which rights there are. Everybody who is authenticated may ask that of themselves.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/self-subject-access-review-v1/
 */
@Injectable()
export class AccessReviewer {
  constructor(private readonly kubernetes: KubernetesService) {}

  /**
   * Ends with the first question that gets no answer. Rejects only when it is aborted.
   *
   * @returns `undefined` when the configuration needs nothing of the cluster, or there is none: those who need it say so
   *   themselves.
   */
  async review(config: AllocatorConfig, signal: AbortSignal): Promise<AccessReview | undefined> {
    if (!this.kubernetes.isConfigured) return undefined;
    const ownNamespace = this.kubernetes.ownNamespace ?? config.collectorNamespace;
    const { rights } = neededRights(config, { ownNamespace });
    const review = rights.length === 0 ? undefined : await this.#review(rights, signal);
    signal.throwIfAborted();
    return review;
  }

  async #review(rights: readonly ClusterRight[], signal: AbortSignal): Promise<AccessReview> {
    const asked = mostNeeded(rights);
    const missing: ClusterRight[] = [];
    try {
      for (let at = 0; at < asked.length; at += reviewsAtOnce) {
        const some = asked.slice(at, at + reviewsAtOnce);
        missing.push(...(await Promise.all(some.map((one) => this.#lacking(one, signal)))).flat());
      }
    } catch (error) {
      return { state: isRefusal(error) ? 'refused' : 'unknown', reason: messageOf(error) };
    }
    const reviewed = asked.length;
    return { state: 'reviewed', missing, reviewed, skipped: rights.length - reviewed };
  }

  async #lacking(right: ClusterRight, signal: AbortSignal): Promise<readonly ClusterRight[]> {
    const verbs: RightVerb[] = [];
    for (const verb of right.verbs) {
      if (!(await this.#isAllowed(right, verb, signal))) verbs.push(verb);
    }
    return verbs.length === 0 ? [] : [{ ...right, verbs }];
  }

  async #isAllowed(right: ClusterRight, verb: RightVerb, signal: AbortSignal): Promise<boolean> {
    const { group, resource, namespace, resourceName: name } = right;
    const resourceAttributes = { group, resource, verb, namespace, name };
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectAccessReview',
      spec: { resourceAttributes },
    };
    const answer = await this.kubernetes.createObject(reviews, review, signal);
    const status = isRecord(answer) ? answer['status'] : undefined;
    if (!isRecord(status) || typeof status['allowed'] !== 'boolean') {
      throw new AccessReviewError('the answer has no status');
    }
    return status['allowed'];
  }
}

function mostNeeded(rights: readonly ClusterRight[]): readonly ClusterRight[] {
  const rank = ({ need }: ClusterRight): number => (need === 'always' ? 0 : 1);
  return rights.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostRights);
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiStatusError && [403, 404, 405].includes(error.status);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
