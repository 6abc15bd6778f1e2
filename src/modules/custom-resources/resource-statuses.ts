import { Injectable } from '@nestjs/common';
import type { ResourceObject } from '../../plugin-api/index.js';

/** What became of one selected resource. */
export interface ResourceStatus {
  /** Names it in events and answers; its spec is not kept here. */
  readonly resource: Pick<ResourceObject, 'apiVersion' | 'kind' | 'metadata'>;
  /** `pending`: what it refers to is being read. */
  readonly state: 'accepted' | 'rejected' | 'pending';
  /** Why it is rejected; no secrets in it. */
  readonly reasons: readonly string[];
  /** The names of the jobs that are served for it; of a rejected one those of its last good version. */
  readonly jobs: readonly string[];
}

/** How a kind of custom resources fares. */
export interface KindStatus {
  readonly kind: string;
  /** `absent`: the cluster has no such kind. `forbidden`: it must not be listed. `unavailable`: no answer yet. */
  readonly state: 'watching' | 'absent' | 'forbidden' | 'unavailable';
  readonly message: string | undefined;
  /** Resources in the namespaces that are looked at. */
  readonly seen: number;
  /** Those that the selectors take. */
  readonly selected: number;
}

type Listener = (status: ResourceStatus) => void;
type DeletionListener = (resource: ResourceStatus['resource']) => void;

/** What became of each selected custom resource; kept by their watchers, read by pages, metrics and events. */
@Injectable()
export class ResourceStatuses {
  readonly #resources = new Map<string, ResourceStatus>();
  readonly #kinds = new Map<string, KindStatus>();
  readonly #listeners = new Set<Listener>();
  readonly #deletionListeners = new Set<DeletionListener>();

  /** Sorted by kind, namespace and name. */
  list(): readonly ResourceStatus[] {
    return [...this.#resources].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, status]) => status);
  }

  kinds(): readonly KindStatus[] {
    return [...this.#kinds.values()];
  }

  set(status: ResourceStatus): void {
    this.#resources.set(keyOf(status.resource), status);
    for (const listener of this.#listeners) listener(status);
  }

  delete(resource: ResourceStatus['resource']): void {
    this.#resources.delete(keyOf(resource));
    for (const listener of this.#deletionListeners) listener(resource);
  }

  setKind(status: KindStatus): void {
    this.#kinds.set(status.kind, status);
  }

  /** Forgets a kind that is no longer watched, and its resources. */
  deleteKind(kind: string): void {
    this.#kinds.delete(kind);
    for (const { resource } of [...this.#resources.values()]) {
      if (resource.kind === kind) this.delete(resource);
    }
  }

  /** Calls the listener with each status that is set. */
  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listener with each resource that is no longer there or no longer selected. */
  onDelete(listener: DeletionListener): () => void {
    this.#deletionListeners.add(listener);
    return () => this.#deletionListeners.delete(listener);
  }
}

function keyOf({ kind, metadata }: ResourceStatus['resource']): string {
  return `${kind}\n${metadata.namespace}\n${metadata.name}`;
}
