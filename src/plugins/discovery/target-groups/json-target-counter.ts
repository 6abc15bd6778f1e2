import { assertTargetBudget, MAX_TARGETS } from './target-budget.js';

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** How deep one is in a group, and in its targets or labels: brackets that are open. */
const inGroup = 2;
const inField = 3;

/** No text that is this long has too many: the shortest targets, `"",`, and groups, `{},`, take three bytes. */
const NEVER_TOO_MANY_BYTES = 3 * MAX_TARGETS;

/**
 * Counts the targets of a list in JSON while its text is still coming, so that one of too many is refused before it is
 * there. It only follows brackets and texts: whether they are right is found when the list is read. A text that is too
 * short for too many is not looked at.
 *
 * @returns To be given piece after piece of one text, whose bytes must stay as they are. It throws TargetListTooLongError.
 */
export function jsonTargetBudget(): (piece: Uint8Array) => void {
  const counter = new JsonTargetCounter();
  let uncounted: Uint8Array[] = [];
  let bytes = 0;
  return (piece) => {
    uncounted.push(piece);
    bytes += piece.length;
    if (bytes <= NEVER_TOO_MANY_BYTES) return;
    for (const each of uncounted) counter.add(each);
    uncounted = [];
    assertTargetBudget(counter.targets);
  };
}

class JsonTargetCounter {
  /** A group counts as one even without targets. */
  targets = 0;
  #depth = 0;
  #isInTargets = false;
  #isInText = false;
  /** The piece before ended within an escape. */
  #isEscaped = false;

  add(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length) {
      at = this.#isInText ? this.#skipText(piece, at) : this.#follow(piece, at);
    }
  }

  /** @returns Behind the text's end, or that of the piece. */
  #skipText(piece: Uint8Array, start: number): number {
    let at = start + Number(this.#isEscaped);
    for (; at < piece.length; at++) {
      const byte = piece[at];
      if (byte === backslash) at++;
      else if (byte === quote) {
        this.#isInText = this.#isEscaped = false;
        return at + 1;
      }
    }
    this.#isEscaped = at > piece.length;
    return piece.length;
  }

  /** @returns Where the next text begins, or the end of the piece. */
  #follow(piece: Uint8Array, start: number): number {
    for (let at = start; at < piece.length; at++) {
      const byte = piece[at] ?? 0;
      if (byte === quote) {
        this.#isInText = true;
        return at + 1;
      }
      if (byte === comma) {
        if (this.#isInTargets) this.targets++;
      } else if (byte >= openBracket) this.#bracket(byte);
    }
    return piece.length;
  }

  #bracket(byte: number): void {
    if (byte === openBracket || byte === openBrace) {
      this.#depth++;
      if (this.#depth === inGroup) this.targets++;
    } else if (byte === closeBracket || byte === closeBrace) this.#depth--;
    else return;
    this.#isInTargets = this.#depth === inField && byte === openBracket;
  }
}
