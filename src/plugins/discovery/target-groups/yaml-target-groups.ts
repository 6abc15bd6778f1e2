import { readTargetGroupsYaml, type StaticConfig } from '../../../plugin-api/index.js';
import type { TargetGroup } from '../../../plugin-api/index.js';
import { TargetGroupsError } from './target-groups.errors.js';
import { targetGroup, type Origin } from './written-group.js';

/** Longer texts are read entry by entry where they can be, so that they do not hold up the event loop. */
const WHOLE_LENGTH = 65_536;

/**
 * Reads a list of target groups from YAML. A long block list without anchors is read entry by entry, and may be
 * interrupted between two of them.
 *
 * @throws TargetGroupsError
 */
export function* parseTargetGroupsYaml(
  body: Uint8Array,
  origin: Origin,
): Generator<undefined, readonly TargetGroup[]> {
  const text = textOf(body);
  const written = (text.length > WHOLE_LENGTH ? yield* readEntries(text) : undefined) ?? read(text);
  const groups: TargetGroup[] = [];
  for (const { targets, labels } of written) {
    const entries = Object.entries(labels ?? {});
    groups.push(targetGroup({ targets, labels: entries }, origin, groups.length));
    yield;
  }
  return groups;
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new TargetGroupsError('it is not UTF-8');
  }
}

function read(text: string): readonly StaticConfig[] {
  const result = readTargetGroupsYaml(text, text.length);
  if (!result.ok) throw new TargetGroupsError(result.problem);
  return result.groups;
}

/**
 * An entry of a block list begins with a dash in the first column. Where that is not so after all (in a text that goes
 * over several lines), or an entry uses an anchor of another one, a piece cannot be read alone.
 *
 * @returns `undefined` when the text must be read whole.
 */
function* readEntries(text: string): Generator<undefined, readonly StaticConfig[] | undefined> {
  if (!text.startsWith('- ') || anotherDocument.test(text)) return undefined;
  const groups: StaticConfig[] = [];
  for (const entries of piecesOf(text)) {
    const result = readTargetGroupsYaml(entries, entries.length);
    if (!result.ok) return undefined;
    groups.push(...result.groups);
    yield;
  }
  return groups;
}

/** Only the first document of a text counts. */
const anotherDocument = /^(?:---|\.\.\.)/m;

const PIECE_LENGTH = 2_048;

/** Runs of entries, each a few kilobytes long unless one entry is longer. */
function* piecesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const next = text.indexOf('\n- ', start + PIECE_LENGTH);
    const end = next < 0 ? text.length : next + 1;
    yield text.slice(start, end);
    start = end;
  }
}
