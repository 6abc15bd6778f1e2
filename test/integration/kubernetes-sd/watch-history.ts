import type { InformerChange } from '../../../src/plugin-api/index.js';

/** What is known of one state of an object. */
export interface SeenObject {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

type Change = InformerChange<SeenObject>;

/**
 * Replays what an informer tells and writes down what no history may have: a change of what is not there, a second
 * addition, a version that does not grow, an object that changed its uid without a deletion, a key that was lost, a watch
 * that begins before what was told.
 */
export class WatchHistory {
  readonly violations: string[] = [];
  changes = 0;
  deletions = 0;
  resumptions = 0;
  readonly #held = new Map<string, SeenObject>();
  /** The newest version that was ever told of a name. */
  readonly #newest = new Map<string, bigint>();

  /** @param kept Names that exist from before the first list until the end. */
  constructor(private readonly kept: ReadonlySet<string>) {}

  record(batch: readonly Change[]): void {
    for (const change of batch) this.#record(change);
  }

  /** A watch was asked to go on from there: nothing may come twice, so nothing newer may have been told before. */
  resume(version: string): void {
    this.resumptions += 1;
    for (const [name, newest] of this.#newest) {
      if (newest > BigInt(version)) {
        this.#note(`a watch from ${version}, but ${name} was told as of ${String(newest)}`);
      }
    }
  }

  /** Compares what the changes add up to with what is there: the cache, or a list of the server. */
  compare(what: string, present: Iterable<SeenObject>): void {
    const actual = new Map([...present].map((object) => [object.name, object]));
    for (const [name, object] of actual) {
      const told = this.#held.get(name);
      if (told === undefined) this.#note(`${what} has ${name}, of which nothing was told`);
      else if (stateOf(told) !== stateOf(object)) {
        this.#note(`${what} has ${stateOf(object)}, told was ${stateOf(told)}`);
      }
    }
    for (const name of this.#held.keys()) {
      if (!actual.has(name)) this.#note(`${what} lacks ${name}, whose deletion was not told`);
    }
  }

  #record({ type, object }: Change): void {
    this.changes += 1;
    const held = this.#held.get(object.name);
    if (type === 'deleted') {
      this.#recordDeletion(object, held);
      return;
    }
    if (type === 'added' && held !== undefined) this.#note(`${stateOf(object)} added again`);
    if (type === 'updated' && held?.uid !== object.uid) {
      this.#note(`${stateOf(object)} updated, but ${held === undefined ? 'unknown' : held.uid}`);
    }
    const version = BigInt(object.resourceVersion);
    const newest = this.#newest.get(object.name);
    if (newest !== undefined && version <= newest) {
      this.#note(`${stateOf(object)} ${type} after version ${String(newest)}`);
    }
    this.#newest.set(object.name, version);
    this.#held.set(object.name, object);
  }

  #recordDeletion(object: SeenObject, held: SeenObject | undefined): void {
    this.deletions += 1;
    if (held?.uid !== object.uid) this.#note(`${stateOf(object)} deleted, but it was not there`);
    if (this.kept.has(object.name)) this.#note(`${object.name} deleted, but it exists`);
    this.#held.delete(object.name);
  }

  #note(violation: string): void {
    if (this.violations.length < 20) this.violations.push(violation);
  }
}

function stateOf({ name, uid, resourceVersion }: SeenObject): string {
  return `${name} ${uid}@${resourceVersion}`;
}
