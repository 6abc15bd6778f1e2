import { isRecord } from '../../../core/document/is-record.js';
import { ApiStatusError } from '../../kubernetes/index.js';
import { type Lease, readLease } from '../election/lease.js';
import type { LeaseStore } from '../election/lease-store.js';

/** One Lease with the optimistic lock of an API server. */
export class FakeLeases {
  object: Record<string, unknown> | undefined;
  writes = 0;
  #version = 0;

  /** A replica's way to it; `fault` may throw before a call is made. */
  store(faultOf: (verb: 'get' | 'create' | 'update') => void | Promise<void>): LeaseStore {
    const fault = async (verb: 'get' | 'create' | 'update', signal: AbortSignal): Promise<void> => {
      const aborted = new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new TypeError('aborted'));
        });
      });
      aborted.catch(() => undefined);
      await Promise.race([faultOf(verb), aborted]);
    };
    return {
      name: { namespace: 'observability', name: 'ta' },
      read: async (signal) => {
        await fault('get', signal);
        return this.object && readLease(structuredClone(this.object));
      },
      create: async (object, signal) => {
        await fault('create', signal);
        if (this.object !== undefined) throw new ApiStatusError(409, 'AlreadyExists', 'there');
        return this.#write(object);
      },
      replace: async (object, signal) => {
        await fault('update', signal);
        if (this.object === undefined) throw new ApiStatusError(404, 'NotFound', 'gone');
        if (versionOf(object) !== versionOf(this.object)) {
          throw new ApiStatusError(409, 'Conflict', 'changed');
        }
        return this.#write(object);
      },
    };
  }

  /** Somebody else changes it. */
  touch(): void {
    if (this.object !== undefined) this.#write(this.object);
  }

  get holder(): string {
    return readLease(this.object).holder;
  }

  #write(written: unknown): Lease {
    const object = isRecord(written) ? structuredClone(written) : {};
    const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
    this.#version += 1;
    this.writes += 1;
    this.object = { ...object, metadata: { ...metadata, resourceVersion: String(this.#version) } };
    return readLease(structuredClone(this.object));
  }
}

function versionOf(object: unknown): unknown {
  const metadata = isRecord(object) ? object['metadata'] : undefined;
  return isRecord(metadata) ? metadata['resourceVersion'] : undefined;
}
