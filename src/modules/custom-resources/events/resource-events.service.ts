import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Clock, Logger } from '../../../plugin-api/index.js';
import { ApiStatusError, KubernetesService } from '../../kubernetes/index.js';
import { CLOCK, LOGGER } from '../../telemetry/index.js';
import { ResourceStatuses, type ResourceStatus } from '../resource-statuses.js';
import { EventPace } from './event-pace.js';
import { EventQueue, type QueuedEvent } from './event-queue.js';
import { resourceEvent } from './resource-event.js';

/** What became of an event. `refused` ones are tried again, the others are done with. */
export type EventResult = 'written' | 'refused' | 'failed' | 'dropped';

/** A rejection is told when it has stood for so long: a Secret may be made a moment after the resource. */
const settleMs = 2_000;
/** Between events of one resource. */
const perResourceMs = 60_000;
/** Between attempts in a namespace where the right to write events is lacking. */
const refusedMs = 600_000;
const failedMs = 10_000;
const mostAttempts = 5;
const mostQueued = 1_000;
/** Resources of which it is remembered what was told. */
const mostTold = 10_000;

interface Told {
  readonly meaning: string;
  readonly atMs: number;
  readonly events: number;
}

const accepted = '';

/** Writes Kubernetes Events on resources that are rejected, and once more when they are accepted again. */
@Injectable()
export class ResourceEvents implements OnModuleInit, OnModuleDestroy {
  readonly results = new Map<EventResult, number>();
  readonly #stop = new AbortController();
  readonly #queue = new EventQueue(mostQueued);
  readonly #pace: EventPace;
  readonly #told = new Map<string, Told>();
  /** Namespaces where events must not be written, and until when nothing is tried; those first that were asked longest ago. */
  readonly #refused = new Map<string, number>();
  readonly #logger: Logger;
  #unsubscribe: () => void = () => undefined;
  #cancelTimer: () => void = () => undefined;
  #isWriting = false;

  constructor(
    private readonly statuses: ResourceStatuses,
    private readonly kubernetes: KubernetesService,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#pace = new EventPace(clock.monotonicMs());
    this.#logger = logger.child('custom-resources');
  }

  onModuleInit(): void {
    if (!this.kubernetes.isConfigured) return;
    const stops = [
      this.statuses.onChange((status) => {
        this.#note(status);
      }),
      this.statuses.onDelete((resource) => {
        this.#forget(keyOf({ resource }));
      }),
    ];
    this.#unsubscribe = () => {
      for (const stop of stops) stop();
    };
  }

  onModuleDestroy(): void {
    this.#unsubscribe();
    this.#cancelTimer();
    this.#stop.abort();
  }

  #note(status: ResourceStatus): void {
    if (status.state === 'pending') return;
    const key = keyOf(status);
    const told = this.#told.get(key);
    if (meaningOf(status) === (told?.meaning ?? accepted)) {
      this.#queue.delete(key);
      return;
    }
    const dueMs = this.#dueMs(key, status);
    if (this.#queue.put({ key, status, dueMs, attempts: 0 })) this.#plan();
    else this.#count('dropped');
  }

  /** Nobody reads what was said of a resource that is gone. */
  #forget(key: string): void {
    this.#queue.delete(key);
    this.#told.delete(key);
  }

  #dueMs(key: string, { resource }: ResourceStatus): number {
    return Math.max(
      this.clock.monotonicMs() + settleMs,
      (this.#told.get(key)?.atMs ?? -Infinity) + perResourceMs,
      this.#refused.get(resource.metadata.namespace) ?? 0,
      this.#queue.get(key)?.dueMs ?? 0,
    );
  }

  /** Waits for what is due next. */
  #plan(): void {
    if (this.#isWriting || this.#stop.signal.aborted) return;
    this.#cancelTimer();
    const next = this.#queue.next();
    if (next === undefined) return;
    const nowMs = this.clock.monotonicMs();
    const delayMs = Math.max(next.dueMs - nowMs, this.#pace.waitMs(nowMs));
    this.#cancelTimer = this.clock.after(delayMs, () => {
      void this.#writeNext();
    });
  }

  async #writeNext(): Promise<void> {
    const event = this.#queue.next();
    if (event === undefined || event.dueMs > this.clock.monotonicMs()) {
      this.#plan();
      return;
    }
    this.#isWriting = true;
    this.#pace.take(this.clock.monotonicMs());
    this.#queue.delete(event.key);
    try {
      await this.#write(event);
      this.#finish(event, 'written');
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#recover(event, error);
    }
    this.#isWriting = false;
    this.#plan();
  }

  async #write({ key, status }: QueuedEvent): Promise<void> {
    const { namespace } = status.resource.metadata;
    const object = resourceEvent(status, {
      formerEvents: this.#told.get(key)?.events ?? 0,
      epochMs: this.clock.epochMs(),
    });
    const query = { group: '', version: 'v1', plural: 'events', namespace };
    try {
      await this.kubernetes.createObject(query, object, this.#stop.signal);
    } catch (error) {
      // Another replica, or this one before it was started anew, has told the same.
      if (!(error instanceof ApiStatusError) || error.status !== 409) throw error;
    }
    if (this.#refused.delete(namespace) && this.#refused.size === 0) {
      this.#logger.info('events of custom resources are written again');
    }
  }

  #recover(event: QueuedEvent, error: unknown): void {
    if (isRefusal(error)) {
      this.#refuse(event, error);
      return;
    }
    const attempts = event.attempts + 1;
    this.#logger.debug('event of a custom resource could not be written', { attempts, error });
    if (attempts === mostAttempts || isFinal(error)) this.#finish(event, 'failed');
    else this.#putBack({ ...event, attempts }, failedMs * attempts);
  }

  #refuse(event: QueuedEvent, error: ApiStatusError): void {
    const { namespace } = event.status.resource.metadata;
    const untilMs = this.clock.monotonicMs() + refusedMs;
    const fields = { error, needed: `verb create on events in namespace ${namespace}` };
    if (this.#refused.size === 0) {
      this.#logger.warn('events of custom resources must not be written', fields);
    } else {
      this.#logger.debug('event of a custom resource must not be written', fields);
    }
    this.#count('refused');
    this.#refused.delete(namespace);
    this.#refused.set(namespace, untilMs);
    this.#forgetLongRefused();
    this.#queue.delayNamespace(namespace, untilMs);
    this.#putBack(event, refusedMs);
  }

  /** A namespace that nothing was tried in for long may be gone; one that is not is refused anew. */
  #forgetLongRefused(): void {
    const beforeMs = this.clock.monotonicMs() - refusedMs;
    for (const [namespace, untilMs] of this.#refused) {
      if (untilMs >= beforeMs) return;
      this.#refused.delete(namespace);
    }
  }

  /** Unless something newer of the resource is to be told by now. */
  #putBack(event: QueuedEvent, delayMs: number): void {
    if (this.#queue.get(event.key) !== undefined) return;
    this.#queue.put({ ...event, dueMs: this.clock.monotonicMs() + delayMs });
  }

  #finish({ key, status }: QueuedEvent, result: EventResult): void {
    this.#count(result);
    const events = (this.#told.get(key)?.events ?? 0) + 1;
    this.#told.delete(key);
    this.#told.set(key, { meaning: meaningOf(status), atMs: this.clock.monotonicMs(), events });
    const [oldest] = this.#told.keys();
    if (this.#told.size > mostTold && oldest !== undefined) this.#told.delete(oldest);
  }

  #count(result: EventResult): void {
    this.results.set(result, (this.results.get(result) ?? 0) + 1);
  }
}

/** An object that was deleted and made again under its name is another one. */
function keyOf({ resource: { kind, metadata } }: Pick<ResourceStatus, 'resource'>): string {
  return `${kind}/${metadata.namespace}/${metadata.name}/${metadata.uid}`;
}

function meaningOf({ state, reasons }: ResourceStatus): string {
  return state === 'rejected' ? JSON.stringify(reasons) : accepted;
}

/** A namespace that is being deleted takes nothing new, which is no lack of a right. */
function isRefusal(error: unknown): error is ApiStatusError {
  return error instanceof ApiStatusError && error.status === 403 && !isTerminating(error);
}

function isTerminating({ details }: ApiStatusError): boolean {
  return details.causes?.includes('NamespaceTerminating') === true;
}

/** What the server will not take however often it is sent. */
function isFinal(error: unknown): boolean {
  return error instanceof ApiStatusError && [400, 403, 404, 413, 422].includes(error.status);
}
