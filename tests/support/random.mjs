// Randomness that a test can repeat.

/** Numbers from 0 up to 1, the same ones for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run: `CAMPANA_SEED`, or another one each time. */
export function seedOfThisRun() {
  return Number(process.env.CAMPANA_SEED ?? Date.now() % 2 ** 31);
}

/** A whole number from `least` up to `most`. */
export function between(random, least, most) {
  return least + Math.floor(random() * (most - least + 1));
}

/** One of the list. */
export function one(random, list) {
  return list[Math.floor(random() * list.length)];
}
