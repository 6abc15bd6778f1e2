import {
  GroupChanges,
  readTargetGroupsYaml,
  type StaticConfig,
  type TargetGroup,
} from '../../../plugin-api/index.js';
import { assertHeapRoom } from './heap-room.js';
import { assertTargetBudget, MAX_TEXT_BYTES, tooLongText } from './target-budget.js';
import { TargetGroupsError } from './target-groups.errors.js';
import { addressOnly, targetGroup, type Origin } from './written-group.js';
import { yamlText } from './yaml-text.js';

/** Longer texts are read entry by entry where they can be, so that they do not hold up the event loop. */
const WHOLE_LENGTH = 65_536;

/** The longest text that the YAML library is given: it takes about a second for each MiB, and nobody is answered meanwhile. */
const MAX_PIECE_LENGTH = 8 * 1024 * 1024;

/** Reads versions of a list of target groups from YAML, and gives what is new in each. */
export class YamlTargetList {
  private constructor(
    private readonly origin: Origin,
    private readonly changes: GroupChanges,
  ) {}

  static async create(origin: Origin): Promise<YamlTargetList> {
    return new YamlTargetList(origin, await GroupChanges.create());
  }

  /**
   * Takes a version. May be interrupted wherever it yields.
   *
   * @returns The groups that changed, and one without targets for each that is gone.
   * @throws TargetGroupsError Then the former version counts.
   */
  *update(body: Uint8Array): Generator<undefined, readonly TargetGroup[]> {
    return yield* this.changes.update(yield* parseTargetGroupsYaml(body, this.origin));
  }

  /** There is no list any more. @returns One group without targets for each that was there. */
  clear(): Generator<undefined, readonly TargetGroup[]> {
    return this.changes.update([]);
  }
}

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
  const text = yamlText(body);
  const written = (text.length > WHOLE_LENGTH ? yield* readEntries(text) : undefined) ?? read(text);
  const groups: TargetGroup[] = [];
  for (const { targets, labels } of written) {
    const entries = Object.entries(labels ?? {});
    for (const [name, value] of entries) assertTextBudget(value, name);
    for (const address of targets) assertTextBudget(address, '__address__');
    const group = { targets: targets.map(addressOnly), labels: entries };
    groups.push(targetGroup(group, origin, groups.length));
    yield;
  }
  return groups;
}

function assertTextBudget({ length }: string, label: string): void {
  if (length > MAX_TEXT_BYTES) throw new TargetGroupsError(tooLongText(length, label));
}

function read(text: string): readonly StaticConfig[] {
  const result = readPiece(text);
  if (!result.ok) throw new TargetGroupsError(result.problem);
  assertTargetBudget(countOf(result.groups));
  return result.groups;
}

function readPiece(text: string): ReturnType<typeof readTargetGroupsYaml> {
  if (text.length > MAX_PIECE_LENGTH) {
    throw new TargetGroupsError(
      `${String(text.length)} characters of it can only be read in one piece, more than ${String(MAX_PIECE_LENGTH)}: ` +
        'write JSON, or smaller groups that each begin with "- " in the first column, without anchors',
    );
  }
  return readTargetGroupsYaml(text, text.length);
}

/** A group counts as one even without targets. */
function countOf(groups: readonly StaticConfig[]): number {
  return groups.reduce((sum, { targets }) => sum + Math.max(targets.length, 1), 0);
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
  let targets = 0;
  let pieces = 0;
  for (const entries of piecesOf(text)) {
    const result = readPiece(entries);
    if (!result.ok) return undefined;
    groups.push(...result.groups);
    targets += countOf(result.groups);
    assertTargetBudget(targets);
    if (++pieces % PIECES_BEFORE_CHECK === 0) assertHeapRoom(text.length);
    yield;
  }
  return groups;
}

/** Only the first document of a text counts. */
const anotherDocument = /^(?:---|\.\.\.)/m;

const PIECE_LENGTH = 2_048;
/** How many of these pieces may be read without asking whether there is memory for them. */
const PIECES_BEFORE_CHECK = 512;

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
