import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Up to this size a hash of the content is cheap (about 0.1 ms), and equal answers of two replicas are recognised. */
const MAX_HASHED_BYTES = 64 * 1024;

/**
 * Makes the opaque part of strong entity tags: for one path, equal tags mean equal bytes, in all processes. Small bodies
 * are named by their content, large ones by a version that means something in this process only.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-etag
 */
@Injectable()
export class EntityTags {
  readonly #boot = randomBytes(9).toString('base64url');
  readonly #hashes = new WeakMap<Uint8Array, string>();

  /** @param version Changes whenever the bytes of this path do. */
  of(bytes: Uint8Array, version: string): string {
    return bytes.length > MAX_HASHED_BYTES ? `${this.#boot}.${version}` : this.#hashOf(bytes);
  }

  #hashOf(bytes: Uint8Array): string {
    const known = this.#hashes.get(bytes);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
    this.#hashes.set(bytes, hash);
    return hash;
  }
}
