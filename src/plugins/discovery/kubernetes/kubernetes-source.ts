import {
  GroupChanges,
  runInSlices,
  type Clock,
  type Counter,
  type Informer,
  type KubernetesSdConfig,
  type KubernetesServer,
  type ServiceDiscovery,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import type { CountEvents } from './event-counter.js';
import type { AttachMetadata } from './groups/group-context.js';
import { kinds, type Informers, type Watched, type WatchedKind } from './kinds.js';
import type { Role } from './roles.js';
import { Scope } from './scope.js';
import { Signal } from './signal.js';

export interface SourceOptions<K extends WatchedKind> {
  readonly role: Role<K>;
  readonly config: KubernetesSdConfig;
  readonly server: KubernetesServer;
  /** `undefined`: all of them at once. */
  readonly namespaces: readonly (string | undefined)[];
  readonly clock: Clock;
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
      for (const informer of opened) await informer.synced(signal);
      await this.#follow(caches, emit, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      for (const informer of opened) informer.close();
    }
  }

  async #follow(caches: readonly Caches<K>[], emit: Emit, signal: AbortSignal): Promise<void> {
    const { role, countEvents, clock } = this.#options;
    const changes = await GroupChanges.create();
    const due = new Signal();
    const onDirty = (): void => {
      due.raise();
    };
    const scopes = caches.map(
      (cache) => new Scope({ ...cache, role, attach: this.#attach, countEvents, onDirty }),
    );
    try {
      emit(await runInSlices(changes.updateSome(groupsOf(scopes)), clock, signal));
      while (!signal.aborted) {
        await due.raised(signal);
        const groups = await runInSlices(changes.updateSome(groupsOf(scopes)), clock, signal);
        if (groups.length > 0) emit(groups);
      }
    } finally {
      for (const scope of scopes) scope.close();
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

interface Caches<K extends WatchedKind> {
  readonly primary: Informer<Watched[K]>;
  readonly informers: Informers;
}

function* groupsOf<K extends WatchedKind>(scopes: readonly Scope<K>[]): Generator<TargetGroup> {
  for (const scope of scopes) yield* scope.make();
}
