import type { Logger } from '../../../plugin-api/index.js';
import { ApiStatusError } from '../../kubernetes/index.js';
import { objectKeyOf, type ReferencedObject } from '../referenced-values.js';

/** Reads that failed: counted one by one, told once for all objects that fail together. */
export class ReadFailures {
  /** By `kind` and `reason`, joined by a slash; reasons are HTTP statuses and error codes. */
  readonly #counts = new Map<string, number>();
  readonly #failing = new Set<string>();

  constructor(private readonly logger: Logger) {}

  /** A read has ended; without an error the server said how the object is. */
  note(object: ReferencedObject, error: unknown): void {
    if (error === undefined) {
      this.forget(object);
      return;
    }
    const reason = reasonOf(error);
    const countKey = `${object.kind}/${reason}`;
    this.#counts.set(countKey, (this.#counts.get(countKey) ?? 0) + 1);
    const fields = { object: objectKeyOf(object), error };
    const isFirst = this.#failing.size === 0;
    this.#failing.add(fields.object);
    if (isFirst) {
      this.logger.warn('referenced object cannot be read, what is known stays in force', fields);
    } else {
      this.logger.debug('referenced object cannot be read', fields);
    }
  }

  /** It is read again, or not needed any more. */
  forget(object: ReferencedObject): void {
    if (!this.#failing.delete(objectKeyOf(object)) || this.#failing.size > 0) return;
    this.logger.info('no reads of referenced objects fail any more');
  }

  /** How often reads failed, by kind of object and reason. */
  *counts(): Iterable<readonly [kind: string, reason: string, count: number]> {
    for (const [key, count] of this.#counts) {
      const slash = key.indexOf('/');
      yield [key.slice(0, slash), key.slice(slash + 1), count];
    }
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ApiStatusError) return String(error.status);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return error.code;
  }
  return 'other';
}
