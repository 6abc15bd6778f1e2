import type { DependencyKind } from './groups/group-context.js';

/** An object that labels come from, whether it is there or not. */
export type Use = `${DependencyKind} ${string}`;

/** Which groups were made with which objects, so that a change of one re-makes those groups only. */
export class GroupUses {
  readonly #usesOf = new Map<string, ReadonlySet<Use>>();
  readonly #groupsWith = new Map<Use, Set<string>>();

  /** @param key Names the group. */
  set(key: string, uses: ReadonlySet<Use>): void {
    const former = this.#usesOf.get(key);
    if (former !== undefined && isSame(former, uses)) return;
    this.delete(key);
    if (uses.size === 0) return;
    this.#usesOf.set(key, uses);
    for (const use of uses) {
      const keys = this.#groupsWith.get(use);
      if (keys === undefined) this.#groupsWith.set(use, new Set([key]));
      else keys.add(key);
    }
  }

  delete(key: string): void {
    for (const use of this.#usesOf.get(key) ?? []) {
      const keys = this.#groupsWith.get(use);
      keys?.delete(key);
      if (keys?.size === 0) this.#groupsWith.delete(use);
    }
    this.#usesOf.delete(key);
  }

  /** The keys of the groups that were made with an object. */
  groupsWith(use: Use): Iterable<string> {
    return this.#groupsWith.get(use) ?? [];
  }
}

function isSame(a: ReadonlySet<Use>, b: ReadonlySet<Use>): boolean {
  return a.size === b.size && [...a].every((use) => b.has(use));
}
