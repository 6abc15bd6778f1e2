/** What went wrong in a filter or a strategy, which are code of others. */
export interface PolicyError {
  readonly kind: 'filter' | 'strategy';
  /** The job whose target it was; `undefined`: it was about the collectors. */
  readonly job: string | undefined;
  readonly message: string;
}

/** Counts what policies throw. One target's failure never keeps the others from being placed. */
export class PolicyErrors {
  #filter = 0;
  #strategy = 0;
  readonly #listener: ((error: PolicyError) => void) | undefined;

  constructor(listener?: (error: PolicyError) => void) {
    this.#listener = listener;
  }

  /** How many times a policy has failed since the start. */
  get counts(): { readonly filter: number; readonly strategy: number } {
    return { filter: this.#filter, strategy: this.#strategy };
  }

  add(kind: PolicyError['kind'], job: string | undefined, message: string): void {
    if (kind === 'filter') this.#filter++;
    else this.#strategy++;
    this.#listener?.({ kind, job, message });
  }
}

/** What a thrown value says. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
