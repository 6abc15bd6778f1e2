import { md5 } from '../hash/md5.js';

/** Up to this modulus (2^26) every intermediate result is an exact number; above it bigints are needed. */
const largestFastModulus = 0x4000000;

/**
 * The `hashmod` of a text: the last 8 bytes of its MD5 digest as a big-endian number, modulo the modulus, in decimal.
 *
 * @param modulus Range 1 to 2^64 - 1.
 * @see https://github.com/prometheus/prometheus/blob/v3.14.0/model/relabel/relabel.go
 */
export function hashmod(text: string, modulus: bigint): string {
  // The Prometheus operator's sharding rules have this modulus by default.
  if (modulus === 1n) return '0';
  const digest = md5(text);
  const tail = new DataView(digest.buffer, digest.byteOffset + 8, 8);
  if (modulus > largestFastModulus) return (tail.getBigUint64(0) % modulus).toString();
  const small = Number(modulus);
  const high = ((tail.getUint32(0) % small) * (2 ** 32 % small)) % small;
  return String((high + (tail.getUint32(4) % small)) % small);
}
