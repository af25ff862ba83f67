/** What the shipped model is trained with; the same plan gives the same files. */
import type { FitOptions } from '#training/network/fit-network.ts';
import { variedWorld } from '#training/train/varied-world.ts';
import { EVALUATION, forSeat, TRAINING } from '#training/world/parameter-sets.ts';
import { SEATS } from '#training/world/parameters.ts';
import type { Seat, WorldParameters } from '#training/world/parameters.ts';

export interface SeededWorld {
  readonly parameters: WorldParameters;
  readonly seed: number;
}

/**
 * What a world's rows are for. Of worlds that are learnt from, the later days stop and calibrate. The
 * others the network never learns from: they say when to stop, and how sure it may be, elsewhere.
 */
export type WorldPart = 'learn' | 'stop' | 'calibrate';

export interface PlannedWorld extends SeededWorld {
  readonly part: WorldPart;
}

export interface TrainingPlan {
  readonly name: string;
  readonly version: string;
  readonly command: string;
  /** Of every seat and of several sizes: histories fill as fast as a ledger is busy. */
  readonly worlds: readonly PlannedWorld[];
  /** As a wallet has it; other seats see the same world. */
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
  train: [0, 0.66],
  validation: [0.68, 0.82],
  calibration: [0.84, 1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

const FIT: Omit<FitOptions, 'seed'> = {
  hidden: [48, 24],
  epochsMax: 24,
  patience: 8,
  batchRows: 512,
  learningRate: 1.5e-3,
  weightDecay: 5e-2,
  fraudWeight: 24,
};

const FRAUD_TIMES = 8;
const TRAINING_DAYS = 45;
const TRAINING_CUSTOMERS = 12_000;
/** The evaluation world is smaller than the training world, and no longer than this. */
const EVALUATION_SHARE = 0.5;
const EVALUATION_DAYS_MAX = 30;
/** Each seat's worlds, as shares of the customers that are asked for; the first is the set itself, the others vary. */
const WORLDS: Readonly<Record<Seat, Readonly<Record<WorldPart, readonly number[]>>>> = {
  wallet: { learn: [1, 0.6, 0.5, 0.5, 0.25, 0.25, 0.2], stop: [0.3], calibrate: [0.3] },
  shop: { learn: [0.4, 0.35, 0.3, 0.2], stop: [0.2], calibrate: [0.2] },
  bank: { learn: [0.35, 0.35, 0.2], stop: [0.2], calibrate: [0.2] },
};
/** A ledger with fewer customers has fewer merchants, by this power. */
const MERCHANTS_POWER = 0.65;
const PARTS: readonly WorldPart[] = ['learn', 'stop', 'calibrate'];
/** Between the seeds of seats and of worlds. */
const SEAT_SEEDS = 10_000;
const WORLD_SEEDS = 100;
const VERSION = '0.3.0';
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
  /** Only this one; all without it. */
  readonly seat?: Seat | undefined;
}

function sized(world: WorldParameters, days: number, customers: number): WorldParameters {
  return {
    ...world,
    days,
    people: { ...world.people, count: customers },
    fraud: { ...world.fraud, share: world.fraud.share * FRAUD_TIMES },
  };
}

/** A ledger with that share of the customers, at as many merchants as they need. */
function shareOfWorld(world: WorldParameters, share: number): WorldParameters {
  const { people, merchants } = world;
  return {
    ...world,
    people: { ...people, count: Math.ceil(people.count * share) },
    merchants: { ...merchants, count: Math.ceil(merchants.count * share ** MERCHANTS_POWER) },
  };
}

function worldsOf(seat: Seat, world: WorldParameters, seed: number): PlannedWorld[] {
  const planned = PARTS.flatMap((part) => WORLDS[seat][part].map((share) => ({ part, share })));
  return planned.map(({ part, share }, place) => {
    const own = seed + SEATS.indexOf(seat) * SEAT_SEEDS + place * WORLD_SEEDS;
    const sizedWorld = shareOfWorld(world, share);
    const parameters = place === 0 ? sizedWorld : variedWorld(sizedWorld, own);
    return { part, seed: own, parameters: forSeat(parameters, seat) };
  });
}

function commandOf(choices: PlanChoices): string {
  const options = Object.entries(choices).flatMap(([name, value]) =>
    value === undefined ? [] : [` --${name} ${value}`],
  );
  return `npm run train${options.length > 0 ? ' --' : ''}${options.join('')}`;
}

export function planOf(choices: PlanChoices): TrainingPlan {
  const { seed = SEED, days = TRAINING_DAYS, customers = TRAINING_CUSTOMERS } = choices;
  const seats = choices.seat === undefined ? SEATS : [choices.seat];
  const evaluationDays = Math.min(days, EVALUATION_DAYS_MAX);
  return {
    name: 'vouch',
    version: choices.version ?? VERSION,
    command: commandOf(choices),
    worlds: seats.flatMap((seat) => worldsOf(seat, sized(TRAINING, days, customers), seed)),
    evaluationWorld: sized(EVALUATION, evaluationDays, Math.ceil(customers * EVALUATION_SHARE)),
    seed,
    fraudTimes: FRAUD_TIMES,
    keptShare: 0.12,
    fit: { ...FIT, seed },
  };
}

/** Measures a model of the plan again; what costs time or needs other tools is measured only there. */
export function evaluateCommand({ name, version, command }: TrainingPlan): string {
  const choices = command.split(' -- ')[1];
  return `npm run evaluate -- --model models/${name}/${version}${choices === undefined ? '' : ` ${choices}`}`;
}

export function evaluationSeed({ seed }: TrainingPlan): number {
  return seed + EVALUATION_SEED_OFFSET;
}
