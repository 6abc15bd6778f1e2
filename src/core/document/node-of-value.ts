import { Secret } from './secret.js';
import { type DocumentNode, type MappingEntry, nullNode, type ScalarNode } from './node.js';

/**
 * Turns plain data (of a custom resource, a plugin or a JSON answer) into the nodes that decoders read. Texts never
 * become numbers or truth values, and a {@link Secret} stays one. What has no counterpart in a document (functions,
 * symbols) becomes null.
 *
 * @throws RangeError when the data is nested deeper than `maxDepth` or contains itself.
 */
export function nodeOfValue(value: unknown, maxDepth = 64): DocumentNode {
  if (maxDepth < 0) throw new RangeError('TA_DOCUMENT_REFUSED: the data is nested too deep');
  if (value instanceof Secret) return { ...textNode(value.reveal()), isSecret: true };
  if (Array.isArray(value)) {
    return { kind: 'sequence', items: value.map((item) => nodeOfValue(item, maxDepth - 1)) };
  }
  if (typeof value === 'object' && value !== null) return mappingOf(value, maxDepth);
  return scalarOf(value);
}

function mappingOf(value: object, maxDepth: number): DocumentNode {
  const entries = new Map<string, MappingEntry>();
  for (const [name, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const key = textNode(name);
    entries.set(name, { key, value: nodeOfValue(item, maxDepth - 1), isRepeated: false });
  }
  return { kind: 'mapping', entries };
}

function scalarOf(value: unknown): ScalarNode {
  switch (typeof value) {
    case 'string':
      return textNode(value);
    case 'number':
      return { kind: 'scalar', text: numberText(value), isPlain: true };
    case 'bigint':
    case 'boolean':
      return { kind: 'scalar', text: String(value), isPlain: true };
    default:
      return nullNode;
  }
}

function textNode(text: string): ScalarNode {
  return { kind: 'scalar', text, isPlain: false };
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return String(value);
}
