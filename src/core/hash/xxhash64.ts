import loadWasm from 'xxhash-wasm';

/**
 * 64-bit xxHash with seed 0, as the Go allocator uses it for target hashes and for its hash ring.
 *
 * @see https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
 */
export interface Xxhash64 {
  /** The hash of a text's UTF-8 bytes: an unsigned 64-bit number. */
  ofText(text: string): bigint;
  /** The hash of bytes: an unsigned 64-bit number. */
  ofBytes(bytes: Uint8Array): bigint;
}

let loaded: Xxhash64 | undefined;

/**
 * Makes the hash ready for use; to be awaited once, before anything that hashes. Later calls give the same instance.
 *
 * @returns The instance that {@link xxhash64} gives from then on.
 */
export async function loadXxhash64(): Promise<Xxhash64> {
  const wasm = await loadWasm();
  loaded ??= { ofText: (text) => wasm.h64(text), ofBytes: (bytes) => wasm.h64Raw(bytes) };
  return loaded;
}

/** A hash was asked for before {@link loadXxhash64} had resolved. */
export class Xxhash64NotLoadedError extends Error {
  readonly code = 'TA_XXHASH64_NOT_LOADED';

  constructor() {
    super(
      'TA_XXHASH64_NOT_LOADED: xxhash64 was used before it was loaded; await loadXxhash64() once at the start',
    );
    this.name = 'Xxhash64NotLoadedError';
  }
}

/**
 * The loaded hash.
 *
 * @throws {Xxhash64NotLoadedError} `TA_XXHASH64_NOT_LOADED`, when {@link loadXxhash64} has not resolved yet.
 */
export function xxhash64(): Xxhash64 {
  if (loaded === undefined) throw new Xxhash64NotLoadedError();
  return loaded;
}
