/** Longer texts are not remembered: they repeat less and hold more memory. */
const longestText = 128;
/** How many texts a generation holds. */
const generationSize = 128;
/** After this many questions, a memo that knew less than a quarter of the answers is given up. */
const trial = 1024;

/**
 * Remembers the answers to the latest texts, in two generations: when the young one is full it becomes the old one, whose
 * answers are forgotten unless they are asked for again. Bounded to 256 texts of at most 128 UTF-16 units. Where texts
 * hardly repeat it gives up and frees its memory.
 */
export class BoundedMemo<Answer extends object | boolean> {
  #young: Map<string, Answer> | undefined = new Map<string, Answer>();
  #old = new Map<string, Answer>();
  #asked = 0;
  #known = 0;

  /** The answer to a text, computed where it is not remembered. */
  get(text: string, compute: () => Answer): Answer {
    const young = this.#young;
    if (young === undefined || text.length > longestText) return compute();
    this.#asked++;
    const recent = young.get(text);
    if (recent !== undefined) {
      this.#known++;
      return recent;
    }
    const former = this.#old.get(text);
    if (former !== undefined) this.#known++;
    const answer = former ?? compute();
    this.#remember(young, text, answer);
    return answer;
  }

  #remember(young: Map<string, Answer>, text: string, answer: Answer): void {
    young.set(text, answer);
    if (young.size >= generationSize) {
      this.#old = young;
      this.#young = new Map();
    }
    if (this.#asked >= trial) this.#judge();
  }

  #judge(): void {
    if (this.#known * 4 < this.#asked) {
      this.#young = undefined;
      this.#old = new Map();
    }
    this.#asked = 0;
    this.#known = 0;
  }
}
