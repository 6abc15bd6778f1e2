import {
  labelSetOf,
  type LabelSet,
  type StandardIssue,
  type StandardSchema,
} from '../../plugin-api/index.js';

type Path = readonly (string | number)[];

/** Reads options key by key and collects everything that is wrong with them, each with its path. */
export class OptionsReader {
  readonly #value: unknown;
  readonly #path: Path;
  readonly #issues: StandardIssue[];

  constructor(value: unknown, path: Path = [], issues: StandardIssue[] = []) {
    this.#value = value;
    this.#path = path;
    this.#issues = issues;
  }

  get issues(): readonly StandardIssue[] {
    return this.#issues;
  }

  issue(message: string): void {
    this.#issues.push({ message, path: this.#path });
  }

  /** The value under a key; `null` counts as absent, as YAML writes it. */
  field(key: string): OptionsReader {
    const value = isRecord(this.#value) ? (this.#value[key] ?? undefined) : undefined;
    return new OptionsReader(value, [...this.#path, key], this.#issues);
  }

  get isPresent(): boolean {
    return this.#value !== undefined && this.#value !== null;
  }

  /** Checks that it is a mapping, and that it has no other keys. */
  keys(known: readonly string[]): void {
    if (!isRecord(this.#value)) {
      this.issue(`must be a mapping with ${known.join(', ')}`);
      return;
    }
    for (const key of Object.keys(this.#value)) {
      if (!known.includes(key)) {
        this.field(key).issue(`unknown key; there are ${known.join(', ')}`);
      }
    }
  }

  text(): string | undefined {
    if (!this.isPresent || typeof this.#value === 'string') return this.#textValue;
    this.issue('must be a text');
    return undefined;
  }

  /** A text that must be there and not be empty. */
  requiredText(): string {
    const value = this.text();
    if (value !== undefined && value !== '') return value;
    if (!this.isPresent || value === '') this.issue('must be a text that is not empty');
    return '';
  }

  /** A number of at least 0. */
  amount(fallback: number): number {
    if (!this.isPresent) return fallback;
    if (typeof this.#value === 'number' && this.#value >= 0) return this.#value;
    this.issue('must be a number of at least 0');
    return fallback;
  }

  labels(): LabelSet | undefined {
    if (!this.isPresent) return undefined;
    if (!isRecord(this.#value)) {
      this.issue('must be a mapping of label names to texts');
      return undefined;
    }
    const entries = Object.keys(this.#value).map(
      (name) => [name, this.field(name).text() ?? ''] as const,
    );
    return labelSetOf(entries);
  }

  items(): readonly OptionsReader[] {
    if (Array.isArray(this.#value)) {
      const values: readonly unknown[] = this.#value;
      return values.map((item, i) => new OptionsReader(item, [...this.#path, i], this.#issues));
    }
    this.issue('must be a list');
    return [];
  }

  get #textValue(): string | undefined {
    return typeof this.#value === 'string' ? this.#value : undefined;
  }
}

/** A schema from a function that reads all options and reports what is wrong on the way. */
export function schemaOf<T>(read: (options: OptionsReader) => T): StandardSchema<T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'target-allocator',
      validate: (value) => {
        const options = new OptionsReader(value);
        const result = read(options);
        return options.issues.length === 0 ? { value: result } : { issues: options.issues };
      },
    },
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
