import { type DocumentNode, nullNode } from './node.js';
import { nodeOfValue } from './node-of-value.js';
import type { Problem } from './problem.js';
import type { DocumentPosition } from './line-positions.js';
import type { ReadDocument } from './read-document.js';
import { isNullScalar } from './yaml11-scalar.js';

/** What is said of a value besides where it stands. */
export interface ProblemDetails {
  /** What would be right. */
  readonly hint?: string;
  /** Leave the value out, because it is a secret or says nothing. */
  readonly hideValue?: boolean;
}

interface Source {
  readonly file: string;
  readonly positionOf: ((offset: number) => DocumentPosition) | undefined;
  readonly fingerprintOf?: ReadDocument['fingerprintOf'];
  readonly problems: Problem[];
  readonly isStrict: boolean;
}

/** How a cursor is made. */
export interface CursorOptions {
  /** The key path of the node. @default '' */
  readonly path?: string;
  /** Unknown keys are errors instead of warnings. @default false */
  readonly strict?: boolean;
}

/**
 * A place in a document: the node there, the way to it, and where problems with it go. Decoders read from cursors, so
 * that the same decoder serves files and plain data and every problem names its line and key path.
 */
export class Cursor {
  private constructor(
    readonly node: DocumentNode,
    private readonly source: Source,
    private readonly parent: Cursor | undefined,
    private readonly segment: string,
  ) {}

  /** The root of a document that was read. The problems of reading it are among {@link problems} already. */
  static ofDocument(document: ReadDocument, options: CursorOptions = {}): Cursor {
    const source: Source = {
      file: document.file,
      positionOf: (offset) => document.positionOf(offset),
      fingerprintOf: (node) => document.fingerprintOf(node),
      problems: [...document.problems],
      isStrict: options.strict ?? false,
    };
    return new Cursor(document.root, source, undefined, options.path ?? '');
  }

  /**
   * The root of plain data.
   *
   * @param file What stands for the file in problems: `ServiceMonitor shop/web`.
   */
  static ofValue(value: unknown, file: string, options: CursorOptions = {}): Cursor {
    const source = { file, positionOf: undefined, problems: [], isStrict: options.strict ?? false };
    return new Cursor(nodeOfValue(value), source, undefined, options.path ?? '');
  }

  /** What was found wrong so far, by this cursor and all that share its source. */
  get problems(): readonly Problem[] {
    return this.source.problems;
  }

  get isStrict(): boolean {
    return this.source.isStrict;
  }

  /** The same place with problems of its own, so that they can be told from others. */
  fork(options: { readonly strict?: boolean } = {}): Cursor {
    const isStrict = options.strict ?? this.isStrict;
    const source: Source = { ...this.source, problems: [], isStrict };
    return new Cursor(this.node, source, this.parent, this.segment);
  }

  /** See {@link ReadDocument.fingerprintOf}; `undefined` where no mapping stands. */
  get fingerprint(): string | undefined {
    return this.node.kind === 'mapping' ? this.source.fingerprintOf?.(this.node) : undefined;
  }

  /** The keys of the mapping that stands here; none elsewhere. */
  get keys(): readonly string[] {
    return this.node.kind === 'mapping' ? [...this.node.entries.keys()] : [];
  }

  /** Whether a mapping stands here that has the key, whatever its value. */
  has(key: string): boolean {
    return this.node.kind === 'mapping' && this.node.entries.has(key);
  }

  /** Whether the key is not there or holds nothing. */
  lacks(key: string): boolean {
    const { node } = this.field(key);
    return node.kind === 'scalar' && isNullScalar(node);
  }

  /** The value of a key; a null at this place when there is none. */
  field(key: string): Cursor {
    const entry = this.node.kind === 'mapping' ? this.node.entries.get(key) : undefined;
    return this.child(entry?.value ?? { ...nullNode, ...offsetOf(this.node) }, keySegment(key));
  }

  /** The key itself, for problems with it. */
  key(key: string): Cursor {
    const entry = this.node.kind === 'mapping' ? this.node.entries.get(key) : undefined;
    return entry === undefined ? this.field(key) : this.child(entry.key, keySegment(key));
  }

  /** An element of a list. */
  item(index: number): Cursor {
    const item = this.node.kind === 'sequence' ? this.node.items[index] : undefined;
    return this.child(item ?? nullNode, `[${String(index)}]`);
  }

  /** The key path: `config.scrape_configs[3].relabel_configs[0].regex`. */
  get path(): string {
    const above = this.parent?.path ?? '';
    return above === '' ? this.segment.replace(/^\./, '') : above + this.segment;
  }

  error(message: string, details: ProblemDetails = {}): void {
    this.report('error', message, details);
  }

  warn(message: string, details: ProblemDetails = {}): void {
    this.report('warning', message, details);
  }

  /** Reports what is harmless unless the document is read strictly. */
  complain(message: string, details: ProblemDetails = {}): void {
    this.report(this.isStrict ? 'error' : 'warning', message, details);
  }

  /** Takes over problems that were found on a fork. */
  add(problems: readonly Problem[]): void {
    this.source.problems.push(...problems);
  }

  private child(node: DocumentNode, segment: string): Cursor {
    return new Cursor(node, this.source, this, segment);
  }

  private report(severity: Problem['severity'], message: string, details: ProblemDetails): void {
    const { node, source } = this;
    const position = node.offset === undefined ? undefined : source.positionOf?.(node.offset);
    const isShown = node.kind === 'scalar' && node.isSecret !== true && details.hideValue !== true;
    source.problems.push({
      severity,
      file: source.file,
      ...position,
      path: this.path,
      ...(isShown && node.text !== '' ? { value: shorten(node.text) } : {}),
      message,
      ...(details.hint === undefined ? {} : { hint: details.hint }),
    });
  }
}

function offsetOf(node: DocumentNode): { readonly offset?: number } {
  return node.offset === undefined ? {} : { offset: node.offset };
}

function keySegment(key: string): string {
  return /^[\p{L}\p{N}_$-]+$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** Long enough to recognise a value, short enough for a log line. */
function shorten(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 117)}…`;
}
