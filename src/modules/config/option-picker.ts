import type { Cursor } from '../../core/document/cursor.js';
import type { Problem } from '../../core/document/problem.js';

/** Where a value was written, so that a problem with it reaches whoever wrote it. A cursor in a file is one. */
export interface Place {
  error(message: string, details?: { readonly hint?: string }): void;
}

/** A value and where it comes from. */
export interface Choice<T> {
  readonly value: T;
  readonly place: Place;
}

/** A name and what was given under it; `undefined`: nothing. */
type Given<T> = readonly [name: string, value: T | undefined];

export interface Candidates<T> {
  /** A flag by its name: wins over all. */
  readonly flag?: Given<T>;
  /** An environment variable: wins over the file. */
  readonly env?: Given<T>;
  /** A key of the file by its path; it also stands for the default in problems. */
  readonly file: Given<T>;
  readonly fallback: T;
}

/** Picks values by precedence, and remembers where each comes from. */
export class OptionPicker {
  readonly #root: Cursor;
  readonly #problems: Problem[] = [];

  /** @param root The root of the file; problems with its values go there. */
  constructor(root: Cursor) {
    this.#root = root;
  }

  /** Problems with values that stand in no file. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  pick<T>({ flag, env, file, fallback }: Candidates<T>): Choice<T> {
    if (flag?.[1] !== undefined) {
      return { value: flag[1], place: this.#outside(`flag --${flag[0]}`, '', flag[1]) };
    }
    if (env?.[1] !== undefined) {
      return { value: env[1], place: this.#outside('environment', env[0], env[1]) };
    }
    const place = file[0].split('.').reduce((at, key) => at.field(key), this.#root);
    return { value: file[1] ?? fallback, place };
  }

  #outside(name: string, path: string, value: unknown): Place {
    return {
      error: (message, details = {}) => {
        this.#problems.push({
          severity: 'error',
          file: name,
          path,
          ...(typeof value === 'string' && value !== '' ? { value } : {}),
          message,
          ...(details.hint === undefined ? {} : { hint: details.hint }),
        });
      },
    };
  }
}
