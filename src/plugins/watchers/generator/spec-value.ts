import type { WholeNumber } from '../../../plugin-api/index.js';
import type { Rejections } from './rejections.js';

const longestShown = 120;
const maxInt64 = 2 ** 63;

/**
 * A place in what a tenant wrote: reads values of the expected type and rejects the resource for others, with the path of
 * the field. As in Go, null is as good as absent. Nothing is ever read from a prototype.
 */
export class SpecValue {
  private constructor(
    readonly value: unknown,
    private readonly rejections: Rejections,
    private readonly parent: SpecValue | undefined,
    private readonly key: string | number,
  ) {}

  static root(value: unknown, path: string, rejections: Rejections): SpecValue {
    return new SpecValue(value, rejections, undefined, path);
  }

  /** `spec.endpoints[0].interval` */
  get path(): string {
    return this.parent === undefined ? String(this.key) : this.parent.path + segmentOf(this.key);
  }

  get isPresent(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** The resource cannot be used because of what stands here. */
  reject(reason: string): void {
    this.rejections.add(() => `${this.path}: ${reason}`);
  }

  field(key: string): SpecValue {
    const record = this.#record();
    const value = record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
    return this.#child(value, key);
  }

  /** Whether any of the fields is there. */
  hasAny(keys: readonly string[]): boolean {
    return keys.some((key) => this.field(key).isPresent);
  }

  /** The elements of a list; none when it is absent. */
  items(): readonly SpecValue[] {
    if (!this.isPresent) return [];
    if (Array.isArray(this.value)) {
      const values: readonly unknown[] = this.value;
      return values.map((item, index) => this.#child(item, index));
    }
    this.#mismatch('a list');
    return [];
  }

  /** The keys of a mapping with what stands under them. */
  entries(): readonly (readonly [string, SpecValue])[] {
    return Object.entries(this.#record() ?? {}).map(([key, value]) => [
      key,
      this.#child(value, key),
    ]);
  }

  text(): string | undefined {
    if (!this.isPresent || typeof this.value === 'string') return this.#valueAsText;
    this.#mismatch('a text');
    return undefined;
  }

  /** The texts of a list; null among them is the empty text. */
  texts(): readonly string[] {
    return this.items().map((item) => item.text() ?? '');
  }

  bool(): boolean | undefined {
    if (!this.isPresent) return undefined;
    if (typeof this.value === 'boolean') return this.value;
    this.#mismatch('true or false');
    return undefined;
  }

  /** A whole number that Go keeps in 64 bits with a sign. */
  whole(): WholeNumber | undefined {
    if (!this.isPresent) return undefined;
    const { value } = this;
    const isWhole = typeof value === 'bigint' || Number.isInteger(value);
    if (isWhole && (typeof value === 'bigint' || typeof value === 'number')) {
      if (value >= -maxInt64 && value < maxInt64) return value;
    }
    this.#mismatch('a whole number of 64 bits');
    return undefined;
  }

  /** A number or a text, which mean different things; a number must fit into 32 bits. */
  intOrText(): number | string | undefined {
    const { value } = this;
    if (!this.isPresent || typeof value === 'string') return this.#valueAsText;
    if (typeof value === 'number' && (value | 0) === value) return value;
    this.#mismatch('a text or a whole number of 32 bits');
    return undefined;
  }

  /** A mapping whose values are texts. */
  textMap(): readonly (readonly [string, string])[] {
    return this.entries().map(([key, value]) => [key, value.text() ?? '']);
  }

  get #valueAsText(): string | undefined {
    return typeof this.value === 'string' ? this.value : undefined;
  }

  #record(): Readonly<Record<string, unknown>> | undefined {
    if (!this.isPresent) return undefined;
    if (isRecord(this.value)) return this.value;
    this.#mismatch('an object');
    return undefined;
  }

  #child(value: unknown, key: string | number): SpecValue {
    return new SpecValue(value, this.rejections, this, key);
  }

  #mismatch(expected: string): void {
    this.rejections.add(() => `${this.path}: must be ${expected}, got ${shown(this.value)}`);
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function segmentOf(key: string | number): string {
  if (typeof key === 'number') return `[${String(key)}]`;
  const text = key.slice(0, longestShown);
  return /^\w+$/.test(text) ? `.${text}` : `[${JSON.stringify(text)}]`;
}

function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length <= longestShown
        ? JSON.stringify(value)
        : `${JSON.stringify(value.slice(0, longestShown))}…`;
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value);
    default:
      return Array.isArray(value) ? 'a list' : 'an object';
  }
}
