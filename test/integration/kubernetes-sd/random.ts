/** Draws from [0, 1), the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The seed of a run: FAULT_SEED to repeat one, else a fresh one. It is printed. */
export function freshSeed(what: string): number {
  const given = process.env['FAULT_SEED'];
  const seed = given === undefined ? Date.now() % 1_000_000 : Number(given);
  console.info(`${what}: FAULT_SEED=${String(seed)}`);
  return seed;
}
