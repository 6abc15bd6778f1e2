/** Reads an object of the Kubernetes API, of which nothing is certain: what is not there or of another type is absent. */
export class Fields {
  readonly #record: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    this.#record = isRecord(value) ? value : {};
  }

  object(name: string): Fields {
    return new Fields(this.#record[name]);
  }

  has(name: string): boolean {
    return isRecord(this.#record[name]);
  }

  /** The empty text where there is none. */
  text(name: string): string {
    return this.optionalText(name) ?? '';
  }

  optionalText(name: string): string | undefined {
    const value = this.#record[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** As decimal digits. */
  optionalNumber(name: string): string | undefined {
    const value = this.#record[name];
    return typeof value === 'number' ? String(value) : undefined;
  }

  flag(name: string): boolean | undefined {
    const value = this.#record[name];
    return typeof value === 'boolean' ? value : undefined;
  }

  list(name: string): readonly Fields[] {
    return arrayOf(this.#record[name]).map((item) => new Fields(item));
  }

  texts(name: string): readonly string[] {
    return arrayOf(this.#record[name]).filter((item) => typeof item === 'string');
  }

  /** A mapping of texts, in the server's order. */
  pairs(name: string): readonly (readonly [key: string, value: string])[] {
    const value = this.#record[name];
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([key, text]) =>
      typeof text === 'string' ? [[key, text] as const] : [],
    );
  }
}

function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
