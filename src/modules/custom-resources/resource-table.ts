import { SortedMap } from '../../core/collections/sorted-map.js';
import type { ResourceObject, ScrapeConfig } from '../../plugin-api/index.js';
import type { ConversionOutcome } from './conversion-outcome.js';
import { JobOwners } from './job-owners.js';
import { objectKeyOf } from './referenced-values.js';
import { nextResource, type ServedResource } from './served-resource.js';

/** What a change of one resource came to. */
export interface TableChange {
  readonly former: ServedResource | undefined;
  /** `undefined`: it is gone. */
  readonly current: ServedResource | undefined;
  /** Resources that were rejected because of this one, and need not be any more. */
  readonly freed: readonly string[];
}

/** The selected resources of a kind, by `namespace/name`, and what is served for each. */
export class ResourceTable {
  readonly #resources = new Map<string, ServedResource>();
  readonly #users = new Map<string, Set<string>>();
  readonly #owners = new JobOwners();
  /** The jobs of each resource when all of them were last asked for, and what has changed since. */
  #sorted = SortedMap.of<readonly ScrapeConfig[]>();
  readonly #unsorted = new Map<string, readonly ScrapeConfig[] | undefined>();
  #pending = 0;

  get size(): number {
    return this.#resources.size;
  }

  /** How many wait for what they refer to. */
  get pending(): number {
    return this.#pending;
  }

  entries(): Iterable<readonly [string, ServedResource]> {
    return this.#resources;
  }

  keys(): Iterable<string> {
    return this.#resources.keys();
  }

  /** All jobs, in the order of the resources' names. */
  configs(): readonly ScrapeConfig[] {
    this.#sorted = this.#sorted.with(this.#unsorted);
    this.#unsorted.clear();
    const all: ScrapeConfig[] = [];
    for (const [, configs] of this.#sorted) for (const config of configs) all.push(config);
    return all;
  }

  /** The resources whose conversion asked for an object. */
  usersOf(objectKey: string): Iterable<string> {
    return this.#users.get(objectKey) ?? [];
  }

  /** Takes the outcome of a conversion. */
  set(key: string, resource: ResourceObject, outcome: ConversionOutcome): TableChange {
    const former = this.#resources.get(key);
    const current = nextResource(former, resource, this.#withoutConflict(key, outcome));
    return this.#replace(key, former, current);
  }

  /** Ends the last good version of a rejected resource. */
  endLastGood(key: string): TableChange {
    const former = this.#resources.get(key);
    return this.#replace(key, former, former && { ...former, configs: [] });
  }

  /** Forgets a resource that is deleted or not selected any more. */
  delete(key: string): TableChange {
    this.#owners.stopWaiting(key);
    return this.#replace(key, this.#resources.get(key), undefined);
  }

  #withoutConflict(key: string, outcome: ConversionOutcome): ConversionOutcome {
    if (outcome.state !== 'converted') return outcome;
    const conflict = this.#owners.conflict(
      key,
      outcome.jobs.map(({ name }) => name),
    );
    if (conflict === undefined) return outcome;
    const reason = `there is a job named ${JSON.stringify(conflict.job)} already, that of ${conflict.owner}`;
    return {
      state: 'rejected',
      reasons: [reason],
      lacksReference: false,
      references: outcome.references,
    };
  }

  #replace(
    key: string,
    former: ServedResource | undefined,
    current: ServedResource | undefined,
  ): TableChange {
    if (current === undefined) this.#resources.delete(key);
    else this.#resources.set(key, current);
    this.#pending += pendingOf(current) - pendingOf(former);
    this.#index(key, former, current);
    if (current?.configs === former?.configs) return { former, current, freed: [] };
    this.#unsorted.set(key, current?.configs);
    return { former, current, freed: this.#owners.set(key, jobNamesOf(current)) };
  }

  #index(
    key: string,
    former: ServedResource | undefined,
    current: ServedResource | undefined,
  ): void {
    if (former?.references === current?.references) return;
    for (const object of objectsOf(former)) {
      const users = this.#users.get(object);
      users?.delete(key);
      if (users?.size === 0) this.#users.delete(object);
    }
    for (const object of objectsOf(current)) {
      this.#users.set(object, (this.#users.get(object) ?? new Set()).add(key));
    }
  }
}

const jobNamesOf = (resource: ServedResource | undefined): readonly string[] =>
  (resource?.configs ?? []).map((config) => config.job_name);
const objectsOf = (resource: ServedResource | undefined): readonly string[] =>
  (resource?.references ?? []).map(objectKeyOf);
const pendingOf = (resource: ServedResource | undefined): number =>
  resource?.state === 'pending' ? 1 : 0;
