import { assertHeapRoom } from './heap-room.js';

// What the allocation takes on the heap beside what was read, at most; measured with Node.js 20.
/** A group: its place in each table of groups. */
const GROUP_BYTES = 500;
/** A target: its place in columns and queues that grow, and in the index of addresses when its group changes. */
const TARGET_BYTES = 100;
/** A name in a list of names that groups have: its place in the tree of names and in layouts. */
const NAME_BYTES = 400;

/** What is read of as much text cannot fill what {@link assertHeapRoom} leaves free, however short its groups are. */
const CHECK_BYTES = 256 * 1024;

/**
 * Looks from time to time, while a list of targets is read, whether the heap has room for what is still to come: for the
 * rest of the text, and for what the allocation makes of that which is read. The length of the text alone does not tell:
 * a target without labels takes many times as much.
 */
export class ReadingRoom {
  #allocationBytes = 0;
  #checkAt = 0;
  readonly #lists = new Set<readonly string[]>();
  #lastList: readonly string[] | undefined;

  /** @param inputBytes How long the text is: what is kept of it, once it is read, takes about as much, or is counted. */
  constructor(private readonly inputBytes: number) {}

  /** @param names Those of its labels: the same array for all groups that have the same ones. */
  addGroup(names: readonly string[], targets: number): void {
    this.#allocationBytes += GROUP_BYTES + targets * TARGET_BYTES;
    if (names === this.#lastList) return;
    this.#lastList = names;
    if (this.#lists.has(names)) return;
    this.#lists.add(names);
    this.addNames(names.length);
  }

  addTarget(): void {
    this.#allocationBytes += TARGET_BYTES;
  }

  addNames(count: number): void {
    this.#allocationBytes += count * NAME_BYTES;
  }

  /**
   * To be asked wherever the reading may be interrupted.
   *
   * @param at How much of the text is read.
   * @throws HeapRoomError
   */
  check(at: number): void {
    if (at < this.#checkAt) return;
    this.#checkAt = at + CHECK_BYTES;
    assertHeapRoom(this.#allocationBytes + this.inputBytes - at);
  }

  /**
   * All is read and about to be handed on: the last time that it can be refused.
   *
   * @throws HeapRoomError
   */
  end(): void {
    if (this.#checkAt > 0) assertHeapRoom(this.#allocationBytes);
  }
}
