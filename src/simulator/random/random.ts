/** A source of random numbers from 0 up to, not including, 1. */
export type Random = () => number;

/** A fixed sequence for each seed (mulberry32): small, fast, and good enough for test data. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `min` to `max`, both included. */
export function integerBetween(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) {
    throw new Error('nothing to pick from');
  }
  return item;
}

/** So many random hexadecimal digits. */
export function randomHex(random: Random, digits: number): string {
  // As bytes first: a large inventory takes hundreds of thousands of ids.
  const bytes = Buffer.allocUnsafe(Math.ceil(digits / 8) * 4);
  for (let at = 0; at < bytes.length; at += 4) {
    bytes.writeUInt32BE(Math.floor(random() * 4_294_967_296), at);
  }
  return bytes.toString('hex').slice(0, digits);
}

/** A UUID from a source of random numbers. */
export function randomUuid(random: Random): string {
  const hex = randomHex(random, 32);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
