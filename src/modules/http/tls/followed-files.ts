/** What was read from files, with the texts that tell whether it is still the same. */
export interface ReadFiles {
  readonly texts: readonly string[];
}

/** What a look at the files brought; a refusal is told once as long as its reason stays. */
export type FilesChange =
  | { readonly kind: 'none' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly error: unknown };

/** What some files hold, read again on request. What cannot be used leaves the former in force. */
export class FollowedFiles<T extends ReadFiles> {
  readonly #read: () => Promise<T>;
  #current: T;
  /** Why the files cannot be used as they are now. */
  #refusal: string | undefined;

  private constructor(read: () => Promise<T>, current: T) {
    this.#read = read;
    this.#current = current;
  }

  /** Rejects as `read` does when the files cannot be used: there is nothing to stay with yet. */
  static async start<T extends ReadFiles>(read: () => Promise<T>): Promise<FollowedFiles<T>> {
    return new FollowedFiles(read, await read());
  }

  get current(): T {
    return this.#current;
  }

  /** Whether what the files hold now is in force. */
  get isUpToDate(): boolean {
    return this.#refusal === undefined;
  }

  async look(): Promise<FilesChange> {
    try {
      const found = await this.#read();
      if (this.isUpToDate && isSame(found.texts, this.#current.texts)) return { kind: 'none' };
      this.#current = found;
      this.#refusal = undefined;
      return { kind: 'accepted' };
    } catch (error) {
      const refusal = String(error);
      if (refusal === this.#refusal) return { kind: 'none' };
      this.#refusal = refusal;
      return { kind: 'refused', error };
    }
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((text, index) => text === others[index]);
}
