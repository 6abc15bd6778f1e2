/**
 * A text that must not be shown. Whatever prints, logs or serialises it gets `<secret>`; only {@link Secret.reveal}
 * gives the text.
 *
 * @see https://github.com/prometheus/common/blob/main/config/config.go
 */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The secret text itself: for requests that need it and for answers over mTLS only. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return '<secret>';
  }

  toJSON(): string {
    return '<secret>';
  }

  /** Whether there is no text at all, which is no secret. */
  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** Two secrets are the same when their texts are. */
  equals(other: Secret): boolean {
    return this.#text === other.#text;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '<secret>';
  }
}
