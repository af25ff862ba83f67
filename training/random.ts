/**
 * Seeded random numbers for training: mulberry32 (Tommy Ettinger, public domain). The same seed
 * gives the same model file, so nothing in training asks Math.random.
 */
export interface Random {
  /** From 0 to below 1. */
  uniform(): number;
  /** Mean 0, standard deviation 1 (Box and Muller, 1958). */
  normal(): number;
  /** Puts the list into a random order, in place (Fisher and Yates). */
  shuffle(list: Uint32Array): void;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

  const shuffle = (list: Uint32Array): void => {
    for (let last = list.length - 1; last > 0; last--) {
      const other = Math.floor(uniform() * (last + 1));
      const kept = list[last] as number;
      list[last] = list[other] as number;
      list[other] = kept;
    }
  };

  return { uniform, normal, shuffle };
}
