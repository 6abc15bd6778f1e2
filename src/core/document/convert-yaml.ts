import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { AliasBudget } from './alias-budget.js';
import { DocumentRefusal } from './document-refusal.js';
import { type DocumentNode, type MappingEntry, nullNode, type ScalarNode } from './node.js';

const mergeTag = 'tag:yaml.org,2002:merge';

/** A converted node with what it costs to walk through it, aliases followed. */
interface Measured {
  readonly node: DocumentNode;
  readonly size: number;
  readonly depth: number;
}

/**
 * Turns the library's tree into ours: aliases followed, merges done, keys unique.
 *
 * @throws DocumentRefusal for what Go's yaml refuses too: unknown or circular aliases, duplicate keys, keys that are not
 * scalars, merges of what is no mapping, too many aliases, too deep nesting.
 */
export function convertDocument(
  contents: Node | null,
  { text, maxDepth }: { readonly text: string; readonly maxDepth: number },
): DocumentNode {
  return contents === null ? nullNode : new Converter(text, maxDepth).convert(contents, 0).node;
}

class Converter {
  /** By anchor name; `undefined` while the anchored node itself is being read. */
  readonly #anchors = new Map<string, Measured | undefined>();
  readonly #budget = new AliasBudget();
  readonly #text: string;
  readonly #maxDepth: number;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  convert(node: Node, level: number): Measured {
    if (level > this.#maxDepth) throw this.#tooDeep(offsetOf(node));
    this.#budget.count();
    if (isAlias(node)) return this.#follow(node.source, level, offsetOf(node));
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const measured = this.#convertContent(node, level);
    if (anchor !== undefined) this.#anchors.set(anchor, measured);
    return measured;
  }

  #convertContent(node: Node, level: number): Measured {
    if (isMap(node)) return this.#convertMapping(node, level);
    if (isSeq(node)) {
      const parts = node.items.map((item) => this.#convertItem(item, level + 1, offsetOf(node)));
      const items = parts.map((part) => part.node);
      return measure({ kind: 'sequence', items, offset: offsetOf(node) }, parts);
    }
    if (isScalar(node)) return measure(scalarOf(node, this.#text), []);
    throw new DocumentRefusal('this is neither a value nor a list nor a mapping', offsetOf(node));
  }

  #convertItem(item: unknown, level: number, offset: number): Measured {
    return isNode(item) ? this.convert(item, level) : measure({ ...nullNode, offset }, []);
  }

  #follow(name: string, level: number, offset: number): Measured {
    const target = this.#anchors.get(name);
    if (target === undefined) {
      const why = this.#anchors.has(name) ? 'contains itself' : 'is not known';
      throw new DocumentRefusal(`the anchor ${JSON.stringify(name)} ${why}`, offset);
    }
    if (level + target.depth > this.#maxDepth) throw this.#tooDeep(offset);
    this.#budget.spend(target.size, offset);
    return target;
  }

  #convertMapping(mapping: YAMLMap, level: number): Measured {
    const entries = new Map<string, MappingEntry>();
    const written = new Set<string>();
    const parts: Measured[] = [];
    for (const pair of mapping.items) {
      const value = () => this.#convertItem(pair.value, level + 1, offsetOf(pair.key));
      if (isMergeKey(pair)) {
        parts.push(this.#merge(entries, value(), offsetOf(pair.key)));
        continue;
      }
      const key = this.#convertItem(pair.key, level + 1, offsetOf(mapping));
      if (key.node.kind !== 'scalar') {
        throw new DocumentRefusal('a key must be a text', offsetOf(pair.key));
      }
      const name = key.node.text;
      if (written.has(name)) {
        throw new DocumentRefusal(
          `the key ${JSON.stringify(name)} is there twice`,
          offsetOf(pair.key),
          'remove one of them',
        );
      }
      written.add(name);
      const converted = value();
      setEntry(entries, { key: key.node, value: converted.node, isRepeated: false });
      parts.push(key, converted);
    }
    return measure({ kind: 'mapping', entries, offset: offsetOf(mapping) }, parts);
  }

  /** Merged keys count where the merge stands: later keys win over earlier ones, as in Go's yaml v2. */
  #merge(entries: Map<string, MappingEntry>, merged: Measured, offset: number): Measured {
    const { node } = merged;
    // In a list of mappings the earlier ones win.
    const sources = node.kind === 'sequence' ? node.items.toReversed() : [node];
    for (const source of sources) {
      if (source.kind !== 'mapping') {
        throw new DocumentRefusal('a merge (<<) needs a mapping or a list of mappings', offset);
      }
      for (const entry of source.entries.values()) setEntry(entries, entry);
    }
    return merged;
  }

  #tooDeep(offset: number): DocumentRefusal {
    return new DocumentRefusal(`nested deeper than ${String(this.#maxDepth)} levels`, offset);
  }
}

function setEntry(entries: Map<string, MappingEntry>, entry: MappingEntry): void {
  const name = entry.key.text;
  entries.set(name, entries.has(name) ? { ...entry, isRepeated: true } : entry);
}

function measure(node: DocumentNode, parts: readonly Measured[]): Measured {
  const size = parts.reduce((sum, part) => sum + part.size, 1);
  const depth = parts.reduce((max, part) => Math.max(max, part.depth), 0) + 1;
  return { node, size, depth };
}

function scalarOf(node: Scalar, text: string): ScalarNode {
  return {
    kind: 'scalar',
    text: isUnterminatedBlock(node, text) ? sourceOf(node).replace(/\n$/, '') : sourceOf(node),
    isPlain: node.type === undefined || node.type === 'PLAIN',
    ...(node.tag === undefined ? {} : { tag: node.tag }),
    offset: offsetOf(node),
  };
}

function sourceOf(node: Scalar): string {
  return node.source ?? '';
}

/** A block text at the end of a file whose last line has no line break does not get one, as in Go. */
function isUnterminatedBlock(node: Scalar, text: string): boolean {
  const isBlock = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  return isBlock && !text.endsWith('\n') && (node.range?.[1] ?? 0) >= text.length;
}

function isMergeKey(pair: Pair): boolean {
  const { key } = pair;
  if (!isScalar(key) || key.source !== '<<') return false;
  if (key.tag !== undefined) return key.tag === mergeTag;
  return key.type === 'PLAIN';
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function offsetOf(value: unknown): number {
  return isNode(value) ? (value.range?.[0] ?? 0) : 0;
}
