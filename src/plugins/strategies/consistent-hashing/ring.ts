import { xxhash64 } from '../../../plugin-api/index.js';

/** Keys are spread over this many partitions; a prime, so that they spread evenly. */
export const PARTITIONS = 1061;
/** Places of each member on the ring. */
const REPLICAS = 5;
/** A member takes at most this many times the average number of partitions. */
const LOAD = 1.1;

/** The partition of a key. */
export function partitionOf(key: string): number {
  return Number(xxhash64().ofText(key) % BigInt(PARTITIONS));
}

/**
 * Gives each partition to a member by consistent hashing with bounded loads, exactly as the Go module that the Go
 * allocator uses: partitions in ascending order go to the first member at or after their own place on the ring that still
 * has room. The order of the names is no matter.
 *
 * @param names Distinct names, at least one.
 * @returns For each partition the index of its member.
 * @see https://github.com/buraksezer/consistent v1.0.0
 */
export function partitionOwners(names: readonly string[]): Int32Array {
  const ring = new Ring(names);
  const room = Math.ceil((PARTITIONS / names.length) * LOAD);
  const loads = new Int32Array(names.length);
  const owners = new Int32Array(PARTITIONS);
  const id = new DataView(new ArrayBuffer(8));
  for (let partition = 0; partition < PARTITIONS; partition++) {
    id.setUint32(0, partition, true);
    const place = xxhash64().ofBytes(new Uint8Array(id.buffer));
    const owner = ring.firstFrom(place, (member) => (loads[member] ?? 0) + 1 <= room);
    loads[owner] = (loads[owner] ?? 0) + 1;
    owners[partition] = owner;
  }
  return owners;
}

/** The members' places, in ascending order. */
class Ring {
  readonly #places: BigUint64Array;
  readonly #members: Int32Array;

  constructor(names: readonly string[]) {
    const memberAt = new Map<bigint, number>();
    const places: bigint[] = [];
    names.forEach((name, member) => {
      for (let replica = 0; replica < REPLICAS; replica++) {
        const place = xxhash64().ofText(`${replica}:${name}`);
        places.push(place);
        memberAt.set(place, member);
      }
    });
    this.#places = BigUint64Array.from(places).sort();
    this.#members = Int32Array.from(this.#places, (place) => memberAt.get(place) ?? 0);
  }

  /** The first suitable member at or after a place, going round; there always is room for every partition. */
  firstFrom(place: bigint, isSuitable: (member: number) => boolean): number {
    const members = this.#members;
    const start = this.#indexOf(place);
    for (let i = 0; i < members.length; i++) {
      const member = members[(start + i) % members.length] ?? 0;
      if (isSuitable(member)) return member;
    }
    return members[start] ?? 0;
  }

  #indexOf(place: bigint): number {
    let low = 0;
    let high = this.#places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#places[middle] ?? 0n) >= place) high = middle;
      else low = middle + 1;
    }
    return low === this.#places.length ? 0 : low;
  }
}
