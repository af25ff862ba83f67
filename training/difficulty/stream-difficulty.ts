/** Streams the worlds that a difficulty is measured on: several to learn from, one to stop by, one to measure. */
import type { Dataset } from '#training/dataset.ts';
import { measureDifficulty } from '#training/difficulty/measure-difficulty.ts';
import type { Difficulty } from '#training/difficulty/measure-difficulty.ts';
import { trueRows } from '#training/difficulty/true-rows.ts';
import type { TrueRows } from '#training/difficulty/true-rows.ts';
import { joinData } from '#training/pipeline/row-collector.ts';
import { variedWorld } from '#training/train/varied-world.ts';
import { EVALUATION, forSeat, TRAINING } from '#training/world/parameter-sets.ts';
import type { Seat, WorldParameters } from '#training/world/parameters.ts';

export interface DifficultySize {
  readonly seat: Seat;
  readonly days: number;
  /** Of each world. */
  readonly customers: number;
  /** How many times as much fraud as usual; each counts so much less. */
  readonly fraudTimes: number;
  /** Worlds to learn from. */
  readonly worlds: number;
  /** The share of honest payments that is kept. */
  readonly keptShare: number;
}

const EVALUATION_SEED = 3;

/** The backend must have been started. */
export async function streamDifficulty(size: DifficultySize): Promise<Difficulty> {
  const learn: Dataset[] = [];
  for (let seed = 1; seed <= size.worlds; seed++)
    learn.push((await rowsOf(trainingWorld(seed), seed, size)).data);
  const stopSeed = size.worlds + 1;
  const stop = await rowsOf(trainingWorld(stopSeed), stopSeed, size);
  const measured = await rowsOf(EVALUATION, EVALUATION_SEED, size);
  return measureDifficulty({ learn: joinData(learn), stop: stop.data }, measured);
}

/** The first is the set itself. */
function trainingWorld(seed: number): WorldParameters {
  return seed === 1 ? TRAINING : variedWorld(TRAINING, seed);
}

function rowsOf(set: WorldParameters, seed: number, size: DifficultySize): Promise<TrueRows> {
  const { seat, days, customers, fraudTimes, keptShare } = size;
  const people = { ...set.people, count: customers };
  const fraud = { ...set.fraud, share: set.fraud.share * fraudTimes };
  const parameters = forSeat({ ...set, days, people, fraud }, seat);
  return trueRows({ parameters, seed, fraudTimes, keptShare });
}
