import type { ResourceStatus } from '../resource-statuses.js';

export interface QueuedEvent {
  readonly key: string;
  readonly status: ResourceStatus;
  /** When it may be written, on the monotonic clock. */
  readonly dueMs: number;
  /** Attempts that have failed. */
  readonly attempts: number;
}

/** Events that wait to be written: the newest of each resource, and not too many. */
export class EventQueue {
  readonly #events = new Map<string, QueuedEvent>();

  constructor(private readonly capacity: number) {}

  /** @returns false when the queue is full. */
  put(event: QueuedEvent): boolean {
    if (!this.#events.has(event.key) && this.#events.size >= this.capacity) return false;
    this.#events.set(event.key, event);
    return true;
  }

  get(key: string): QueuedEvent | undefined {
    return this.#events.get(key);
  }

  delete(key: string): void {
    this.#events.delete(key);
  }

  /** The one that is due first. */
  next(): QueuedEvent | undefined {
    let next: QueuedEvent | undefined;
    for (const event of this.#events.values()) {
      if (next === undefined || event.dueMs < next.dueMs) next = event;
    }
    return next;
  }

  /** Nothing of this namespace is due before then. */
  delayNamespace(namespace: string, untilMs: number): void {
    for (const [key, event] of this.#events) {
      if (event.status.resource.metadata.namespace !== namespace) continue;
      this.#events.set(key, { ...event, dueMs: Math.max(event.dueMs, untilMs) });
    }
  }
}
