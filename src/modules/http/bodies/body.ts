/** An answer that is kept, to be sent to many. */
export interface Body {
  /** The same object as long as the answer does not change: what is derived from it is kept beside it. */
  readonly bytes: Uint8Array;
  readonly contentType: string;
  /** See {@link EntityTags}. Without quotes. */
  readonly tag: string;
  /** When it was right, in epoch milliseconds, if it may not be so any more. */
  readonly asOfMs?: number;
}

export const JSON_TYPE = 'application/json';
