import type { DocumentNode, MappingEntry, ScalarNode } from './node.js';
import { NotPlain, type PlainScanner } from './plain-scanner.js';

interface OpenList {
  readonly kind: 'sequence';
  readonly items: DocumentNode[];
  readonly offset: number;
}

interface OpenMapping {
  readonly kind: 'mapping';
  readonly entries: Map<string, MappingEntry>;
  readonly offset: number;
  /** The key whose value is read. */
  key: ScalarNode | undefined;
}

/** Reads one collection in brackets, element by element, so that JSON of any size can be read in slices. */
export class PlainFlow {
  readonly #scanner: PlainScanner;
  readonly #maxLevels: number;
  readonly #mayBreakLines: boolean;
  readonly #open: (OpenList | OpenMapping)[] = [];

  /**
   * @param scanner Stands at the opening bracket.
   * @param mayBreakLines Inside of block collections it depends on the indentation whether a line may break.
   */
  constructor(
    scanner: PlainScanner,
    { maxLevels, mayBreakLines }: { readonly maxLevels: number; readonly mayBreakLines: boolean },
  ) {
    this.#scanner = scanner;
    this.#maxLevels = maxLevels;
    this.#mayBreakLines = mayBreakLines;
    this.#begin();
  }

  /**
   * Reads one element.
   *
   * @returns The whole collection, when that was its end.
   * @throws NotPlain
   */
  step(): DocumentNode | undefined {
    const scanner = this.#scanner;
    const parent = this.#open.at(-1);
    if (parent === undefined) throw new NotPlain();
    this.#skipBlank();
    if (scanner.next === (parent.kind === 'mapping' ? '}' : ']')) return this.#end(parent);
    if (sizeOf(parent) > 0) this.#skipComma();
    if (parent.kind === 'mapping') {
      parent.key = scanner.flowKey();
      this.#skipBlank();
    }
    if (scanner.next === '[' || scanner.next === '{') this.#begin();
    else add(parent, scanner.flowScalar());
    return undefined;
  }

  #begin(): void {
    if (this.#open.length >= this.#maxLevels) throw new NotPlain();
    const offset = this.#scanner.at;
    this.#open.push(
      this.#scanner.next === '['
        ? { kind: 'sequence', items: [], offset }
        : { kind: 'mapping', entries: new Map(), offset, key: undefined },
    );
    this.#scanner.at += 1;
  }

  #end(closed: OpenList | OpenMapping): DocumentNode | undefined {
    this.#scanner.at += 1;
    this.#open.pop();
    const node = nodeOf(closed, this.#scanner.at);
    const parent = this.#open.at(-1);
    if (parent === undefined) return node;
    add(parent, node);
    return undefined;
  }

  #skipComma(): void {
    if (this.#scanner.next !== ',') throw new NotPlain();
    this.#scanner.at += 1;
    this.#skipBlank();
  }

  #skipBlank(): void {
    this.#scanner.skipSpaces();
    while (this.#mayBreakLines && this.#scanner.next === '\n') {
      this.#scanner.at += 1;
      this.#scanner.skipSpaces();
    }
  }
}

function sizeOf(open: OpenList | OpenMapping): number {
  return open.kind === 'mapping' ? open.entries.size : open.items.length;
}

function add(open: OpenList | OpenMapping, value: DocumentNode): void {
  if (open.kind === 'sequence') {
    open.items.push(value);
    return;
  }
  const { key, entries } = open;
  if (key === undefined || entries.has(key.text)) throw new NotPlain();
  entries.set(key.text, { key, value, isRepeated: false });
  open.key = undefined;
}

function nodeOf(open: OpenList | OpenMapping, end: number): DocumentNode {
  const { offset } = open;
  return open.kind === 'sequence'
    ? { kind: 'sequence', items: open.items, offset }
    : { kind: 'mapping', entries: open.entries, offset, end };
}
