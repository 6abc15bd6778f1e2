import { type LabelSet, labelSetOf, type StandardIssue } from 'target-allocator/plugin-api';

type Path = readonly (string | number)[];

/**
 * A place in a value that somebody else wrote. It reads values of the expected type, and notes what is wrong with the rest,
 * with its path. `null` is as good as absent.
 */
export class Reader {
  private constructor(
    private readonly value: unknown,
    private readonly path: Path,
    /** What is wrong anywhere in the whole value. */
    readonly issues: StandardIssue[],
  ) {}

  static of(value: unknown): Reader {
    return new Reader(value, [], []);
  }

  get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  reject(message: string): void {
    this.issues.push({ message, path: this.path });
  }

  field(key: string): Reader {
    const value = isRecord(this.value) && Object.hasOwn(this.value, key) ? this.value[key] : null;
    return new Reader(value, [...this.path, key], this.issues);
  }

  /** Checks that it is a mapping with no other keys. */
  onlyKeys(known: readonly string[]): void {
    if (!isRecord(this.value)) {
      this.reject('must be a mapping');
      return;
    }
    for (const key of Object.keys(this.value)) {
      if (!known.includes(key)) this.field(key).reject(`is unknown; there are ${known.join(', ')}`);
    }
  }

  text(): string | undefined {
    if (!this.isPresent) return undefined;
    if (typeof this.value === 'string') return this.value;
    this.reject('must be a text');
    return undefined;
  }

  requiredText(): string {
    const text = this.text();
    if (!this.isPresent || text === '') this.reject('must not be empty');
    return text ?? '';
  }

  /** The elements of a list; of what is absent none. */
  items(): readonly Reader[] {
    if (!this.isPresent) return [];
    if (!Array.isArray(this.value)) {
      this.reject('must be a list');
      return [];
    }
    const values: readonly unknown[] = this.value;
    return values.map((value, index) => new Reader(value, [...this.path, index], this.issues));
  }

  texts(): readonly string[] {
    return this.items().map((item) => item.requiredText());
  }

  /** A mapping of texts; it has no prototype, because its keys are somebody else's. */
  textMap(): LabelSet {
    return labelSetOf(this.entries().map(([key, value]) => [key, value.text() ?? ''] as const));
  }

  entries(): readonly (readonly [string, Reader])[] {
    if (!this.isPresent) return [];
    if (isRecord(this.value)) return Object.keys(this.value).map((key) => [key, this.field(key)]);
    this.reject('must be a mapping');
    return [];
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
