/** What the shipped model is trained with; the same plan gives the same files. */
import type { FitOptions } from '#training/network/fit-network.ts';
import { EVALUATION, TRAINING } from '#training/world/parameter-sets.ts';
import type { WorldParameters } from '#training/world/parameters.ts';

export interface SeededWorld {
  readonly parameters: WorldParameters;
  readonly seed: number;
}

export interface TrainingPlan {
  readonly name: string;
  readonly version: string;
  readonly command: string;
  /** Worlds of different sizes, alike in everything else: histories fill as fast as a ledger is busy. */
  readonly worlds: readonly SeededWorld[];
  readonly evaluationWorld: WorldParameters;
  readonly seed: number;
  /**
   * How many times as much fraud both worlds have as ordinary traffic: what a model learns depends on
   * the number of campaigns. Each fraud counts for so much less in everything that is fitted or measured.
   */
  readonly fraudTimes: number;
  /** The share of ordinary payments that is kept as rows. */
  readonly keptShare: number;
  readonly fit: FitOptions;
}

/**
 * Shares of the world's time. The first days, when nobody has a history yet, are learnt from as well:
 * every ledger begins so. Gaps keep a customer's spree from standing on both sides of a cut.
 */
export const SPLIT = {
  train: [0, 0.6],
  validation: [0.62, 0.78],
  calibration: [0.8, 1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

const FIT: Omit<FitOptions, 'seed'> = {
  hidden: [48, 24],
  epochsMax: 14,
  patience: 4,
  batchRows: 512,
  learningRate: 1.5e-3,
  weightDecay: 2e-2,
  fraudWeight: 24,
};

const FRAUD_TIMES = 8;
const TRAINING_DAYS = 45;
const TRAINING_CUSTOMERS = 12_000;
/** The evaluation world is smaller than the training world, and no longer than this. */
const EVALUATION_SHARE = 0.5;
const EVALUATION_DAYS_MAX = 30;
const SMALL_SHARE = 0.2;
const SMALL_MERCHANTS_SHARE = 0.35;
/** Added to the seed, one for each small world. */
const SMALL_SEEDS = [100, 200, 300];
const VERSION = '0.2.0';
const SEED = 1;
/** The evaluation world is another one in every respect, its seed too. */
const EVALUATION_SEED_OFFSET = 1_000;

/** What a model's figures may not be taken for; it stands first wherever they stand. */
export const STATEMENT =
  'Trained and measured on a simulated world only: none of these figures says what the model will do on real payments. The authors of the best known public benchmark report an average precision near 0.10 on their real data for models that reach 0.69 on their simulation.';

export interface PlanChoices {
  readonly version?: string | undefined;
  readonly days?: number | undefined;
  readonly customers?: number | undefined;
  readonly seed?: number | undefined;
}

function sized(world: WorldParameters, days: number, customers: number): WorldParameters {
  return {
    ...world,
    days,
    people: { ...world.people, count: customers },
    fraud: { ...world.fraud, share: world.fraud.share * FRAUD_TIMES },
  };
}

/** A young or small ledger: a fifth of the customers, at as many merchants as they need. */
function smallWorld(days: number, customers: number): WorldParameters {
  const world = sized(TRAINING, days, Math.ceil(customers * SMALL_SHARE));
  return {
    ...world,
    merchants: { ...world.merchants, count: Math.ceil(world.merchants.count * SMALL_MERCHANTS_SHARE) },
  };
}

function commandOf(choices: PlanChoices): string {
  const options = Object.entries(choices).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${value}`],
  );
  return `npm run train${options.length > 0 ? ' --' : ''}${options.join('')}`;
}

export function planOf(choices: PlanChoices): TrainingPlan {
  const { seed = SEED, days = TRAINING_DAYS, customers = TRAINING_CUSTOMERS } = choices;
  const evaluationDays = Math.min(days, EVALUATION_DAYS_MAX);
  return {
    name: 'vouch',
    version: choices.version ?? VERSION,
    command: commandOf(choices),
    worlds: [
      { parameters: sized(TRAINING, days, customers), seed },
      ...SMALL_SEEDS.map((offset) => ({ parameters: smallWorld(days, customers), seed: seed + offset })),
    ],
    evaluationWorld: sized(EVALUATION, evaluationDays, Math.ceil(customers * EVALUATION_SHARE)),
    seed,
    fraudTimes: FRAUD_TIMES,
    keptShare: 0.2,
    fit: { ...FIT, seed },
  };
}

export function evaluationSeed({ seed }: TrainingPlan): number {
  return seed + EVALUATION_SEED_OFFSET;
}
