import type { Informer, InformerChange, TargetGroup } from '../../../plugin-api/index.js';
import { deletionOf } from '../../../plugin-api/index.js';
import type { CountEvents } from './event-counter.js';
import { GroupUses, type Use } from './group-uses.js';
import type {
  AttachMetadata,
  Dependencies,
  DependencyKind,
  GroupContext,
} from './groups/group-context.js';
import type { Informers, Watched, WatchedKind } from './kinds.js';
import { keyOf } from './objects/metadata.js';
import type { Role } from './roles.js';

interface ScopeOptions<K extends WatchedKind> {
  readonly role: Role<K>;
  readonly attach: AttachMetadata;
  readonly primary: Informer<Watched[K]>;
  readonly informers: Informers;
  readonly countEvents: CountEvents;
  /** Called when there are groups to be made; {@link Scope.make} makes them. */
  readonly onDirty: () => void;
}

/** The target groups of the objects in one namespace, or in all: which of them must be made anew, and how. */
export class Scope<K extends WatchedKind> {
  readonly #options: ScopeOptions<K>;
  readonly #uses = new GroupUses();
  readonly #unsubscribe: readonly (() => void)[];
  #dirty = new Set<string>();

  /**
   * The primary informer must have synced. Of the others each must have synced or have been refused: the labels of what
   * has never been known are left out.
   */
  constructor(options: ScopeOptions<K>) {
    this.#options = options;
    const { primary, role, countEvents } = options;
    this.#addAll();
    countEvents(role.role, 'added', this.#dirty.size);
    this.#unsubscribe = [
      primary.onChange((changes) => {
        this.#take(changes);
      }),
      ...this.#followDependencies(),
    ];
  }

  /** Makes the groups that are due. Yields after each one. */
  *make(): Generator<TargetGroup> {
    const { primary, role } = this.#options;
    const keys = this.#dirty;
    this.#dirty = new Set();
    for (const key of keys) {
      const object = primary.get(key);
      if (object === undefined) {
        this.#uses.delete(key);
        yield deletionOf(role.source(key));
      } else {
        yield this.#makeGroup(key, object);
      }
    }
  }

  /** A kind that was refused is known now: every group may have labels of it. */
  remakeAll(): void {
    this.#addAll();
    this.#options.onDirty();
  }

  close(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #addAll(): void {
    for (const object of this.#options.primary.list()) this.#dirty.add(keyOf(object));
  }

  #makeGroup(key: string, object: Watched[K]): TargetGroup {
    const { attach, informers, role } = this.#options;
    const uses = new Set<Use>();
    const context: GroupContext = {
      // An unknown node hides its pods; where no node can be known, it must not.
      attach: informers.node?.hasSynced === false ? { ...attach, node: false } : attach,
      find: (kind, name) => {
        uses.add(`${kind} ${name}`);
        return findIn(informers, kind, name);
      },
    };
    const group = role.group(object, context);
    this.#uses.set(key, uses);
    return group;
  }

  #take(changes: readonly InformerChange<unknown>[]): void {
    const { countEvents, onDirty, role } = this.#options;
    for (const { key, type } of changes) {
      countEvents(role.role, type, 1);
      this.#dirty.add(key);
    }
    onDirty();
  }

  *#followDependencies(): Iterable<() => void> {
    for (const kind of this.#options.role.dependencies(this.#options.attach)) {
      const informer = this.#options.informers[kind];
      if (informer === undefined) continue;
      yield informer.onChange((changes: readonly InformerChange<unknown>[]) => {
        this.#takeFrom(kind, changes);
      });
    }
  }

  #takeFrom(kind: DependencyKind, changes: readonly InformerChange<unknown>[]): void {
    const { countEvents, onDirty } = this.#options;
    for (const { key, type } of changes) {
      if (isCounted(kind, type)) countEvents(kind, type, 1);
      for (const group of this.#uses.groupsWith(`${kind} ${key}`)) this.#dirty.add(group);
    }
    if (this.#dirty.size > 0) onDirty();
  }
}

function findIn<K extends DependencyKind>(
  informers: Informers,
  kind: K,
  key: string,
): Dependencies[K] | undefined {
  const informer: Informer<Dependencies[K]> | undefined = informers[kind];
  return informer?.get(key);
}

/** Of the objects behind endpoints Prometheus counts these. */
function isCounted(kind: DependencyKind, type: string): kind is 'service' | 'pod' {
  return kind === 'service' || (kind === 'pod' && type === 'updated');
}
