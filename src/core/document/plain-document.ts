import type { DocumentNode, MappingEntry, ScalarNode } from './node.js';
import { PlainFlow } from './plain-flow.js';
import { doubt, NotPlain, PlainScanner } from './plain-scanner.js';

/** Deeper texts are left to the library. */
export const maxLevels = 20;
/** Lines or elements between two places where the reading may be interrupted. */
const stepsPerSlice = 64;
/** White space that is more than a space or the end of a line. */
const oddSpace = /[\t\r\u0085\u2028\u2029\ufeff]/;

/**
 * Reads the YAML that configurations are written in, and JSON, without the library: many times faster, and in slices.
 * Whatever is not beyond doubt (anchors, tags, folded texts, directives, errors of any kind) is left to it.
 *
 * @returns What the library would give; `undefined` when the text must be left to it.
 */
export function* readPlainDocument(text: string): Generator<undefined, DocumentNode | undefined> {
  if (oddSpace.test(text)) return undefined;
  const block = new PlainBlock(text);
  try {
    for (let step = 1; block.step(); step += 1) if (step % stepsPerSlice === 0) yield undefined;
    return block.end();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

interface OpenList {
  readonly kind: 'sequence';
  readonly column: number;
  readonly node: {
    readonly kind: 'sequence';
    readonly items: DocumentNode[];
    readonly offset: number;
  };
  /** A dash was read, but not yet what it announces. */
  isPending: boolean;
}

interface OpenMapping {
  readonly kind: 'mapping';
  readonly column: number;
  readonly node: {
    readonly kind: 'mapping';
    readonly entries: Map<string, MappingEntry>;
    readonly offset: number;
    end: number;
  };
  /** A key that was read, but not yet its value. */
  key: ScalarNode | undefined;
}

type Open = OpenList | OpenMapping;

/** Collections that are told by their indentation, line by line. */
class PlainBlock {
  readonly #scanner: PlainScanner;
  /** The collections around the place that is read, the outermost first. */
  readonly #open: Open[] = [];
  #flow: PlainFlow | undefined;
  #root: DocumentNode | undefined;

  constructor(text: string) {
    this.#scanner = new PlainScanner(text);
  }

  /** Reads a line or an element of it; false at the end of the text. */
  step(): boolean {
    if (this.#flow !== undefined) {
      const node = this.#flow.step();
      if (node === undefined) return true;
      this.#flow = undefined;
      this.#put(node);
      this.#endLine();
      return true;
    }
    if (this.#scanner.next === '') return false;
    this.#readLine();
    return true;
  }

  end(): DocumentNode {
    while (this.#open.length > 0) this.#close(this.#scanner.text.length);
    return this.#root ?? doubt();
  }

  #readLine(): void {
    const scanner = this.#scanner;
    const lineStart = scanner.at;
    if (scanner.isLineOver()) {
      scanner.at += 1;
      return;
    }
    this.#closeUpTo(scanner.at - lineStart, lineStart);
    let hasDash = false;
    while (this.#isDash()) {
      this.#openList(scanner.at - lineStart).isPending = true;
      hasDash = true;
      scanner.at += 1;
      if (scanner.isLineOver()) {
        this.#endLine();
        return;
      }
    }
    const column = scanner.at - lineStart;
    const offset = scanner.at;
    const key = scanner.key();
    if (key !== undefined) {
      this.#openMapping(column, offset).key = key;
      this.#readValue();
    } else if (hasDash || (this.#open.length === 0 && column === 0 && this.#isBracket())) {
      this.#readValue();
    } else throw new NotPlain();
  }

  #readValue(): void {
    const scanner = this.#scanner;
    if (!scanner.isLineOver()) {
      if (this.#isBracket()) {
        const left = maxLevels - this.#open.length;
        this.#flow = new PlainFlow(scanner, {
          maxLevels: left,
          mayBreakLines: this.#open.length === 0,
        });
        return;
      }
      if (scanner.next === '|') {
        this.#put(scanner.literal(this.#open.at(-1)?.column ?? doubt()));
        return;
      }
      this.#put(scanner.blockScalar());
    }
    this.#endLine();
  }

  #endLine(): void {
    if (!this.#scanner.isLineOver()) throw new NotPlain();
    this.#scanner.at += 1;
  }

  #isBracket(): boolean {
    return this.#scanner.next === '[' || this.#scanner.next === '{';
  }

  #isDash(): boolean {
    const { text, at } = this.#scanner;
    return text[at] === '-' && (text[at + 1] === ' ' || text[at + 1] === '\n');
  }

  /** Ends the collections that a line of this indentation does not belong to, and values that did not come. */
  #closeUpTo(column: number, lineStart: number): void {
    const isItem = this.#isDash();
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      // A list may stand as deep as the key that it belongs to: the next key ends it.
      const isOver = top.column === column && top.kind === 'sequence' && !isItem;
      if (top.column <= column && !isOver) break;
      this.#close(lineStart);
    }
    const top = this.#open.at(-1);
    if (top?.column !== column) return;
    if (top.kind === 'sequence' ? top.isPending : !isItem) this.#fillUp(top);
  }

  #close(end: number): void {
    const top = this.#open.pop();
    if (top === undefined) return;
    this.#fillUp(top);
    if (top.kind === 'mapping') top.node.end = end;
  }

  #openList(column: number): OpenList {
    const top = this.#open.at(-1);
    if (top?.kind === 'sequence' && top.column === column) return top;
    const node = { kind: 'sequence' as const, items: [], offset: this.#scanner.at };
    this.#checkPlace(column, top?.kind === 'mapping');
    const list: OpenList = { kind: 'sequence', column, node, isPending: false };
    this.#put(node);
    this.#open.push(list);
    return list;
  }

  #openMapping(column: number, offset: number): OpenMapping {
    const top = this.#open.at(-1);
    if (top?.kind === 'mapping' && top.column === column) return top;
    const node = {
      kind: 'mapping' as const,
      entries: new Map<string, MappingEntry>(),
      offset,
      end: 0,
    };
    this.#checkPlace(column, false);
    const mapping: OpenMapping = { kind: 'mapping', column, node, key: undefined };
    this.#put(node);
    this.#open.push(mapping);
    return mapping;
  }

  /** @throws NotPlain when no collection can begin in the column. */
  #checkPlace(column: number, mayBeLevel: boolean): void {
    const top = this.#open.at(-1);
    const isPlaced =
      top === undefined
        ? column === 0 && this.#root === undefined
        : column > top.column || (mayBeLevel && column === top.column);
    if (!isPlaced || this.#open.length >= maxLevels) throw new NotPlain();
  }

  /** Puts a value where one is awaited. */
  #put(value: DocumentNode): void {
    const top = this.#open.at(-1);
    if (top === undefined) {
      if (this.#root !== undefined) throw new NotPlain();
      this.#root = value;
    } else if (top.kind === 'sequence') {
      if (!top.isPending) throw new NotPlain();
      top.isPending = false;
      top.node.items.push(value);
    } else {
      if (top.key === undefined || top.node.entries.has(top.key.text)) throw new NotPlain();
      top.node.entries.set(top.key.text, { key: top.key, value, isRepeated: false });
      top.key = undefined;
    }
  }
  /** A key without a value has a null, right after its colon. */
  #fillUp(open: Open): void {
    if (open.kind === 'sequence' ? open.isPending : this.#hasNullElsewhere(open)) {
      throw new NotPlain();
    }
    if (open.kind === 'sequence' || open.key === undefined) return;
    const { key, node } = open;
    if (node.entries.has(key.text)) throw new NotPlain();
    node.entries.set(key.text, { key, value: nullAt(endOf(key)), isRepeated: false });
    open.key = undefined;
  }

  /** After spaces or a comment, which only the library knows to place. */
  #hasNullElsewhere({ key }: OpenMapping): boolean {
    return key !== undefined && !['\n', undefined].includes(this.#scanner.text[endOf(key)]);
  }
}

/** After the colon. */
function endOf(key: ScalarNode): number {
  return (key.offset ?? 0) + key.text.length + 1;
}

function nullAt(offset: number): ScalarNode {
  return { kind: 'scalar', text: '', isPlain: true, offset };
}
