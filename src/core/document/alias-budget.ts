import { DocumentRefusal } from './document-refusal.js';

const smallDocument = 400_000;
const largeDocument = 4_000_000;

/**
 * Keeps aliases from blowing a document up: what aliases add may be 99 % of a small document and 10 % of a large one, as
 * Go's yaml v2 allows.
 *
 * @see https://github.com/yaml/go-yaml, decode.go, allowedAliasRatio
 */
export class AliasBudget {
  #nodes = 0;
  #aliasNodes = 0;

  /** Counts one node as written. */
  count(): void {
    this.#nodes += 1;
  }

  /**
   * Counts what an alias at `offset` stands for.
   *
   * @throws DocumentRefusal when aliases have added too much.
   */
  spend(nodes: number, offset: number): void {
    this.#nodes += nodes;
    this.#aliasNodes += nodes;
    if (this.#aliasNodes <= 100 || this.#nodes <= 1000) return;
    if (this.#aliasNodes / this.#nodes > allowedRatio(this.#nodes)) {
      throw new DocumentRefusal('the document contains excessive aliasing', offset);
    }
  }
}

function allowedRatio(nodes: number): number {
  if (nodes <= smallDocument) return 0.99;
  if (nodes >= largeDocument) return 0.1;
  return 0.99 - (0.89 * (nodes - smallDocument)) / (largeDocument - smallDocument);
}
