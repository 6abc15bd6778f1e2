import {
  GroupChanges,
  type Clock,
  type Counter,
  type Informer,
  type KubernetesSdConfig,
  type KubernetesServer,
  type Logger,
  type ServiceDiscovery,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import type { CountEvents } from './event-counter.js';
import type { AttachMetadata } from './groups/group-context.js';
import { kinds, type Informers, type Watched, type WatchedKind } from './kinds.js';
import { knownOrRefused } from './known-or-refused.js';
import type { Role } from './roles.js';
import { Scope } from './scope.js';
import { sharedSlices } from './shared-slices.js';
import { Signal } from './signal.js';

export interface SourceOptions<K extends WatchedKind> {
  readonly role: Role<K>;
  readonly config: KubernetesSdConfig;
  readonly server: KubernetesServer;
  /** `undefined`: all of them at once. */
  readonly namespaces: readonly (string | undefined)[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly countEvents: CountEvents;
  readonly failures: Counter;
}

const nothingAttached: AttachMetadata = {
  node: false,
  namespace: false,
  deployment: false,
  job: false,
  cronjob: false,
};

type Emit = (groups: readonly TargetGroup[]) => void;

/**
 * One target group for each object of a role, made anew whenever the object changes or one that its labels come from.
 * The first emission comes when everything that is needed is known; later ones have what is really different.
 */
export class KubernetesSource<K extends WatchedKind> implements ServiceDiscovery {
  readonly #options: SourceOptions<K>;
  readonly #attach: AttachMetadata;

  constructor(options: SourceOptions<K>) {
    this.#options = options;
    this.#attach = options.config.attach_metadata ?? nothingAttached;
  }

  async run(emit: Emit, signal: AbortSignal): Promise<void> {
    const opened: Informer<unknown>[] = [];
    try {
      const caches = this.#options.namespaces.map((namespace) => this.#open(namespace, opened));
      for (const { primary } of caches) await primary.synced(signal);
      for (const { informers } of caches) {
        for (const informer of Object.values(informers)) await knownOrRefused(informer, signal);
      }
      await this.#follow(caches, emit, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const informer of opened) informer.close();
    }
  }

  async #follow(caches: readonly Caches<K>[], emit: Emit, signal: AbortSignal): Promise<void> {
    const slices = sharedSlices(this.#options.clock);
    const changes = await GroupChanges.create();
    const due = new Signal();
    const scopes: Scope<K>[] = [];
    try {
      const first = this.#firstGroups(caches, { scopes, due, signal });
      emit(await slices.run(changes.updateSome(first), signal));
      while (!signal.aborted) {
        await due.raised(signal);
        const groups = await slices.run(changes.updateSome(groupsOf(scopes)), signal);
        if (groups.length > 0) emit(groups);
      }
    } finally {
      for (const scope of scopes) scope.close();
    }
  }

  /** Follows the caches from the moment that their objects are taken: changes until then are in them. */
  *#firstGroups(caches: readonly Caches<K>[], { scopes, due, signal }: Following<K>) {
    const { role, countEvents } = this.#options;
    const onDirty = (): void => {
      due.raise();
    };
    for (const cache of caches) {
      const scope = new Scope({ ...cache, role, attach: this.#attach, countEvents, onDirty });
      scopes.push(scope);
      this.#awaitRefused(cache.informers, signal, () => {
        scope.remakeAll();
      });
    }
    yield* groupsOf(scopes);
  }

  /** Labels of a kind that was refused come as soon as the kind is known. */
  #awaitRefused(informers: Informers, signal: AbortSignal, onKnown: () => void): void {
    for (const [kind, informer] of Object.entries(informers)) {
      if (informer.hasSynced) continue;
      // What would grant it is said once for all jobs, where it is asked for.
      this.#options.logger.info('targets lack the labels of a kind that cannot be read', {
        kind,
        reason: informer.failure?.kind,
      });
      informer.synced(signal).then(onKnown, () => undefined);
    }
  }

  #open(namespace: string | undefined, opened: Informer<unknown>[]): Caches<K> {
    const { role } = this.#options;
    const open = <W extends WatchedKind>(kind: W): Informer<Watched[W]> => {
      const informer = this.#informer(kind, namespace);
      opened.push(informer);
      return informer;
    };
    const primary = open(role.kind);
    const informers: Informers = {};
    for (const kind of role.dependencies(this.#attach)) {
      Object.assign(informers, { [kind]: open(kind) });
    }
    return { primary, informers };
  }

  #informer<W extends WatchedKind>(kind: W, namespace: string | undefined): Informer<Watched[W]> {
    const { server, config, failures } = this.#options;
    const { selectedBy, isNamespaced, ...request } = kinds[kind];
    const selector = config.selectors?.find(({ role }) => role === selectedBy);
    return server.informer<Watched[W]>({
      ...request,
      failures,
      ...(isNamespaced && namespace !== undefined ? { namespace } : {}),
      ...(selector?.label === undefined ? {} : { labelSelector: selector.label }),
      ...(selector?.field === undefined ? {} : { fieldSelector: selector.field }),
    });
  }
}

interface Following<K extends WatchedKind> {
  readonly scopes: Scope<K>[];
  readonly due: Signal;
  readonly signal: AbortSignal;
}

interface Caches<K extends WatchedKind> {
  readonly primary: Informer<Watched[K]>;
  readonly informers: Informers;
}

function* groupsOf<K extends WatchedKind>(scopes: readonly Scope<K>[]): Generator<TargetGroup> {
  for (const scope of scopes) yield* scope.make();
}
