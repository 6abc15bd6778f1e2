/** What one source of state knows of itself. */
export interface SourceStatus {
  /** It has given its first full state (or has proven that it never will). */
  readonly answered: boolean;
  /** It has answered, but what it said may be out of date. @default false */
  readonly isStale?: boolean;
  /** What is awaited, or how it is, for operators. */
  readonly detail: string;
}

/** Something that must have answered before collectors can rely on what is served. */
export interface ReadinessSource {
  /** `collectors/kubernetes`, `discovery/http:job-a`, … */
  readonly name: string;
  /** Without it nothing can be served, so that not even the start-up bound makes up for it. @default false */
  readonly required?: boolean;
  status(): SourceStatus;
}

/** Where modules report their sources; readiness is decided from all of them. */
export class ReadinessRegistry {
  readonly #providers = new Set<() => Iterable<ReadinessSource>>();

  /** Adds a function that lists sources; the answer removes it. */
  register(provider: () => Iterable<ReadinessSource>): () => void {
    this.#providers.add(provider);
    return () => this.#providers.delete(provider);
  }

  sources(): readonly ReadinessSource[] {
    return [...this.#providers].flatMap((list) => [...list()]);
  }
}
