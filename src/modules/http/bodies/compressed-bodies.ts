import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Compression } from './accept-encoding.js';

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Brotli's default of 11 takes seconds for what 4 does in the time of gzip, with about the same gain. */
const BROTLI_QUALITY = 4;

/** The forms of one body that have been asked for. */
interface Compressed {
  readonly beingMade: Map<Compression, Promise<Uint8Array>>;
  readonly made: Map<Compression, Uint8Array>;
}

/** Compresses each body once, in Node's thread pool, however many clients wait for it; forgotten with the body. */
export class CompressedBodies {
  readonly #kept = new WeakMap<Uint8Array, Compressed>();

  /** What is there already. */
  made(bytes: Uint8Array, compression: Compression): Uint8Array | undefined {
    return this.#kept.get(bytes)?.made.get(compression);
  }

  get(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
    const ofBody: Compressed = this.#kept.get(bytes) ?? { beingMade: new Map(), made: new Map() };
    this.#kept.set(bytes, ofBody);
    const known = ofBody.beingMade.get(compression);
    if (known !== undefined) return known;
    const making = compress(bytes, compression);
    ofBody.beingMade.set(compression, making);
    making.then(
      (made) => ofBody.made.set(compression, made),
      () => ofBody.beingMade.delete(compression),
    );
    return making;
  }
}

function compress(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
  switch (compression) {
    case 'gzip':
      return compressGzip(bytes);
    case 'br':
      return compressBrotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      });
  }
}
