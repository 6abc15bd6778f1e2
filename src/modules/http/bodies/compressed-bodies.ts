import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Compression } from './accept-encoding.js';

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);

/** Brotli's default of 11 takes seconds for what 4 does in the time of gzip, with about the same gain. */
const BROTLI_QUALITY = 4;

/** Compresses each body once, in Node's thread pool, however many clients wait for it; forgotten with the body. */
export class CompressedBodies {
  readonly #kept = new WeakMap<Uint8Array, Map<Compression, Promise<Uint8Array>>>();

  get(bytes: Uint8Array, compression: Compression): Promise<Uint8Array> {
    const ofBody = this.#kept.get(bytes) ?? new Map<Compression, Promise<Uint8Array>>();
    this.#kept.set(bytes, ofBody);
    const known = ofBody.get(compression);
    if (known !== undefined) return known;
    const made = compress(bytes, compression);
    ofBody.set(compression, made);
    made.catch(() => ofBody.delete(compression));
    return made;
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
