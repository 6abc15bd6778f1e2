import type { OnModuleDestroy } from '@nestjs/common';
import type { Clock, Logger, ValueReference } from '../../../plugin-api/index.js';
import type { KubernetesService } from '../../kubernetes/index.js';
import {
  objectKeyOf,
  ReferencedValues,
  type ReferencedKind,
  type ReferencedObject,
  type ReferencedValue,
} from '../referenced-values.js';
import { FollowedObject, type FollowTools } from './followed-object.js';
import { ObjectReader } from './object-reader.js';
import { ReadFailures } from './read-failures.js';
import { SecretWatches } from './secret-watches.js';

export interface ReferencedValuesOptions {
  readonly kubernetes: Pick<KubernetesService, 'informer' | 'readObject'>;
  /** Where changes of Secrets are watched; elsewhere they are found by reading again. */
  readonly secretNamespaces: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  /** Draws from [0, 1). @default Math.random */
  readonly random?: () => number;
}

/** Time between reads of an object that nothing is heard of, in milliseconds. */
const unwatchedMs = { least: 30_000, most: 60_000 };
/** The same where a watch tells of changes: should it miss one, that is not for ever. */
const watchedMs = { least: 300_000, most: 600_000 };
/** With more objects than this each is read less often, so that the API server is not asked more often. */
const leisurelyCount = 500;
/** What somebody asked for and then did not say that it is needed is forgotten after this time. */
const unownedMs = 300_000;

/** @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names */
const objectName = /^[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/;

/**
 * Values of Secrets and ConfigMaps as the API server has them. One request for an object, however many resources refer to
 * it; Secrets are followed by a watch of their metadata in the namespaces where that is wanted, everything else is read
 * again twice a minute or so.
 */
export class KubernetesReferencedValues extends ReferencedValues implements OnModuleDestroy {
  readonly failures: ReadFailures;
  readonly #options: ReferencedValuesOptions;
  readonly #tools: FollowTools;
  readonly #watches: SecretWatches;
  readonly #objects = new Map<string, FollowedObject>();
  readonly #owned = new Map<string, ReadonlySet<string>>();
  readonly #listeners = new Set<(objectKey: string) => void>();

  constructor(options: ReferencedValuesOptions) {
    super();
    const { kubernetes, clock, logger, random = Math.random } = options;
    this.#options = options;
    this.failures = new ReadFailures(logger);
    const reader = new ObjectReader(kubernetes);
    this.#tools = {
      clock,
      random,
      read: (object, signal) => reader.read(object, signal),
      nextReadMs: (object) => this.#nextReadMs(object, random()),
      onChange: (object) => {
        this.#tell(object);
      },
      onRead: (object, error) => {
        this.failures.note(object, error);
        this.#forgetUnowned(object);
      },
    };
    this.#watches = new SecretWatches({
      kubernetes,
      namespaces: options.secretNamespaces,
      onChange: ({ namespace, name }, version) => {
        this.#objects.get(objectKeyOf({ kind: 'Secret', namespace, name }))?.noteVersion(version);
      },
      onFollowing: (namespace) => {
        for (const followed of this.#secretsIn(namespace)) followed.reschedule();
      },
    });
  }

  get(kind: ReferencedKind, { namespace, name, key }: ValueReference): ReferencedValue {
    if (!isName(name) || !isName(namespace)) {
      const reason = `${kind} ${JSON.stringify(`${namespace}/${name}`)} cannot exist: no such names are allowed`;
      return { state: 'missing', reason };
    }
    return this.#follow({ kind, namespace, name }).get(key);
  }

  onChange(listener: (objectKey: string) => void): () => void {
    const own = (objectKey: string): void => {
      listener(objectKey);
    };
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  retain(owner: string, objects: readonly ReferencedObject[]): void {
    const former = this.#owned.get(owner) ?? new Set<string>();
    const needed = objects.filter(({ namespace, name }) => isName(namespace) && isName(name));
    const keys = new Set(needed.map(objectKeyOf));
    if (keys.size === 0) this.#owned.delete(owner);
    else this.#owned.set(owner, keys);
    for (const object of needed) this.#follow(object).owners.add(owner);
    for (const key of former) {
      if (keys.has(key)) continue;
      const followed = this.#objects.get(key);
      followed?.owners.delete(owner);
      if (followed?.owners.size === 0) this.#forget(followed);
    }
  }

  /** To be called when the answer of `secretNamespaces` has changed. */
  watchSecretNamespaces(): void {
    this.#watches.update();
  }

  /** How many objects of each kind are followed, by what is known of them. */
  counts(): readonly ReferencedCount[] {
    const counts = new Map<string, ReferencedCount>();
    for (const { object, state } of this.#objects.values()) {
      const key = `${object.kind}/${state}`;
      const objects = (counts.get(key)?.objects ?? 0) + 1;
      counts.set(key, { kind: object.kind, state, objects });
    }
    return [...counts.values()];
  }

  onModuleDestroy(): void {
    for (const followed of this.#objects.values()) followed.stop();
    this.#objects.clear();
    this.#watches.close();
  }

  #follow(object: ReferencedObject): FollowedObject {
    const key = objectKeyOf(object);
    const known = this.#objects.get(key);
    if (known !== undefined) return known;
    const followed = new FollowedObject(object, this.#tools);
    this.#objects.set(key, followed);
    if (object.kind === 'Secret') this.#watches.use(object.namespace);
    followed.refresh();
    return followed;
  }

  #forget(followed: FollowedObject): void {
    const { object } = followed;
    followed.stop();
    this.#objects.delete(objectKeyOf(object));
    this.failures.forget(object);
    if (object.kind === 'Secret') this.#watches.release(object.namespace);
  }

  #forgetUnowned(object: ReferencedObject): void {
    const followed = this.#objects.get(objectKeyOf(object));
    if (followed === undefined || followed.owners.size > 0) return;
    if (this.#options.clock.monotonicMs() - followed.askedMs > unownedMs) this.#forget(followed);
  }

  *#secretsIn(namespace: string): Iterable<FollowedObject> {
    for (const followed of this.#objects.values()) {
      const { object } = followed;
      if (object.kind === 'Secret' && object.namespace === namespace) yield followed;
    }
  }

  #nextReadMs({ kind, namespace }: ReferencedObject, drawn: number): number {
    const isWatched = kind === 'Secret' && this.#watches.isFollowing(namespace);
    const { least, most } = isWatched ? watchedMs : unwatchedMs;
    return (least + drawn * (most - least)) * Math.max(1, this.#objects.size / leisurelyCount);
  }

  #tell(object: ReferencedObject): void {
    for (const listener of this.#listeners) {
      try {
        listener(objectKeyOf(object));
      } catch (error) {
        this.#options.logger.error('listener of referenced values failed', { error });
      }
    }
  }
}

export interface ReferencedCount {
  readonly kind: ReferencedKind;
  readonly state: FollowedObject['state'];
  readonly objects: number;
}

function isName(text: string): boolean {
  return objectName.test(text);
}
