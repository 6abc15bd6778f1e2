/** Which user uses which things, found from either side at a cost that follows what is asked for. */
export class Usage<T> {
  readonly #things = new Map<string, readonly T[]>();
  readonly #users = new Map<T, Set<string>>();
  readonly #unused = new Set<T>();

  /** What the user uses from now on; `undefined`: there is no such user any more. */
  set(user: string, things: readonly T[] | undefined): void {
    for (const thing of this.of(user)) {
      const users = this.#users.get(thing);
      users?.delete(user);
      if (users?.size === 0) this.#unused.add(thing);
    }
    if (things === undefined) this.#things.delete(user);
    else this.#things.set(user, things);
    for (const thing of this.of(user)) {
      const users = this.#users.get(thing) ?? new Set();
      this.#users.set(thing, users.add(user));
      this.#unused.delete(thing);
    }
  }

  has(user: string): boolean {
    return this.#things.has(user);
  }

  /** What the user uses. */
  of(user: string): readonly T[] {
    return this.#things.get(user) ?? [];
  }

  isUsed(thing: T): boolean {
    return this.usersOf(thing).size > 0;
  }

  usersOf(thing: T): ReadonlySet<string> {
    return this.#users.get(thing) ?? nobody;
  }

  /** The things whose last user let them go since this was last asked, and that nobody uses now. They are forgotten. */
  takeUnused(): readonly T[] {
    const unused = [...this.#unused];
    this.#unused.clear();
    for (const thing of unused) this.#users.delete(thing);
    return unused;
  }
}

const nobody: ReadonlySet<string> = new Set();
