/**
 * Owns how training worlds differ among themselves. One set of habits, devices and attackers teaches a
 * network that set by heart, and it is sure of itself where it should not be; ledgers differ. Each
 * world draws its own values around those of the training set, by its seed alone. The evaluation set
 * has no part in it.
 */
import { FAMILIES } from '#training/world/parameters.ts';
import type { Family, WorldParameters } from '#training/world/parameters.ts';
import { Random } from '#training/world/random.ts';

const STREAM = 41;
const DAY_MS = 86_400_000;
/** A share or rate is multiplied by up to this, or divided. */
const FACTOR_MAX = 1.6;
/** So is a share of a whole, before the whole is made one again. */
const MIX_FACTOR_MAX = 1.8;
/** Worlds begin on any day of a year. */
const YEAR_DAYS = 365;

/** Log-uniform between one over `most` and `most`. */
function factor(random: Random, most = FACTOR_MAX): number {
  return Math.exp(random.between(-1, 1) * Math.log(most));
}

function mixed(shares: readonly number[], random: Random): number[] {
  const drawn = shares.map((share) => share * factor(random, MIX_FACTOR_MAX));
  const total = drawn.reduce((sum, share) => sum + share, 0);
  return drawn.map((share) => share / total);
}

function variedPeople(people: WorldParameters['people'], random: Random): WorldParameters['people'] {
  const shares = mixed(
    people.countries.map(([, share]) => share),
    random,
  );
  const rate = (value: number): number => value * factor(random);
  return {
    ...people,
    paymentsOfDayMedian: people.paymentsOfDayMedian * factor(random, 1.4),
    paymentsOfDaySigma: people.paymentsOfDaySigma * random.between(0.85, 1.1),
    favouriteShare: people.favouriteShare + random.between(-0.1, 0.1),
    countries: people.countries.map(([code], place) => [code, shares[place] ?? 0] as const),
    travelShare: rate(people.travelShare),
    vpnShare: rate(people.vpnShare),
    newDeviceEveryDays: rate(people.newDeviceEveryDays),
    storageClearedEveryDays: rate(people.storageClearedEveryDays),
    subscriptions: rate(people.subscriptions),
    personShare: rate(people.personShare),
    foreignCardShare: rate(people.foreignCardShare),
    kioskShare: rate(people.kioskShare),
    windfallsOfMonth: rate(people.windfallsOfMonth),
    joinShareOfDay: rate(people.joinShareOfDay),
  };
}

function variedFraud(fraud: WorldParameters['fraud'], random: Random): WorldParameters['fraud'] {
  const [crude = 0, trained = 0, careful = 0] = mixed(fraud.skills, random);
  const families = FAMILIES.map((family) => [family, fraud.families[family] * factor(random)] as const);
  return {
    ...fraud,
    families: Object.fromEntries(families) as Record<Family, number>,
    skills: [crude, trained, careful],
  };
}

/** The same seed gives the same world; seat, size and share of fraud stay as they are. */
export function variedWorld(world: WorldParameters, seed: number): WorldParameters {
  const random = new Random(seed, STREAM);
  const { merchants, devices, issuer } = world;
  const startsAt = new Date(Date.parse(world.startsAt) + random.below(YEAR_DAYS) * DAY_MS).toISOString();
  return {
    ...world,
    startsAt,
    people: variedPeople(world.people, random),
    merchants: {
      ...merchants,
      internationalShare: merchants.internationalShare * factor(random),
      zipfExponent: merchants.zipfExponent + random.between(-0.12, 0.12),
      laxShare: merchants.laxShare * factor(random),
      openingShareOfDay: merchants.openingShareOfDay * factor(random),
    },
    devices: {
      platformShares: mixed(devices.platformShares, random),
      englishShare: devices.englishShare * factor(random),
      hardwareAssuredShare: devices.hardwareAssuredShare * random.between(0.75, 1.3),
    },
    issuer: {
      noFundsShare: issuer.noFundsShare * factor(random),
      unexplainedShare: issuer.unexplainedShare * factor(random),
      abroadShare: issuer.abroadShare * factor(random),
    },
    fraud: variedFraud(world.fraud, random),
  };
}
