/**
 * Owns the worlds that are in use. `training` and `evaluation` differ in rates, merchants, devices,
 * skill and season, not only in their seed; `demo` is denser in fraud than any real stream, so that
 * a minute shows something, and says so wherever it is used.
 */
import type { Seat, WorldParameters } from './parameters.ts';

export const TRAINING: WorldParameters = {
  name: 'training',
  seat: 'wallet',
  startsAt: '2026-03-02T00:00:00Z',
  days: 60,
  people: {
    count: 40_000,
    joinShareOfDay: 0.005,
    paymentsOfDayMedian: 0.22,
    paymentsOfDaySigma: 1,
    favouriteShare: 0.55,
    countries: [
      ['DE', 0.3],
      ['FR', 0.2],
      ['ES', 0.12],
      ['IT', 0.12],
      ['NL', 0.09],
      ['AT', 0.05],
      ['BE', 0.05],
      ['IE', 0.02],
      ['PT', 0.03],
      ['FI', 0.02],
    ],
    travelShare: 0.03,
    vpnShare: 0.05,
    newDeviceEveryDays: 700,
    storageClearedEveryDays: 120,
    movesEveryDays: 1800,
    subscriptions: 1.6,
    occasionalShare: 0.15,
    householdShare: 0.35,
    personShare: 0.07,
    guestShare: 0,
    creditLineShare: 0.3,
    salaryUnits: 0,
    newCardEveryDays: 500,
    foreignCardShare: 0.09,
    kioskShare: 0.08,
    windfallsOfMonth: 0.12,
    dormantShare: 0.4,
    flashSalesOfMonth: 2,
    flashSaleDraw: 0.006,
  },
  merchants: {
    count: 3_000,
    onlyCategory: null,
    internationalShare: 0.3,
    zipfExponent: 0.95,
    laxShare: 0.35,
    openingShareOfDay: 0.003,
  },
  devices: {
    platformShares: [0.36, 0.27, 0.16, 0.06, 0.04, 0.06, 0.03, 0.02],
    englishShare: 0.12,
    hardwareAssuredShare: 0.45,
  },
  seasons: [{ fromDay: 27, toDay: 34, factor: 1.2 }],
  issuer: { noFundsShare: 0.022, unexplainedShare: 0.012, abroadShare: 0.02 },
  labels: {
    smallFraudReportedShare: 0.6,
    firstPartyDisputeShare: 0.0003,
    kindUnknownShare: 0.3,
    delayFactor: 1,
    reviewerMissesShare: 0.22,
    reviewerInsultsShare: 0.07,
  },
  fraud: {
    share: 0.0027,
    families: {
      card_testing: 30,
      account_takeover: 18,
      device_farm: 16,
      bust_out: 6,
      scam_payee: 9,
      mule_chain: 5,
      refund_abuse: 8,
      merchant_collusion: 8,
    },
    skills: [0.25, 0.4, 0.35],
    everyFamily: false,
  },
};

export const EVALUATION: WorldParameters = {
  ...TRAINING,
  name: 'evaluation',
  startsAt: '2026-10-05T00:00:00Z',
  people: {
    ...TRAINING.people,
    paymentsOfDayMedian: 0.28,
    paymentsOfDaySigma: 0.9,
    favouriteShare: 0.48,
    countries: [
      ['DE', 0.2],
      ['FR', 0.15],
      ['ES', 0.15],
      ['IT', 0.15],
      ['NL', 0.12],
      ['GB', 0.08],
      ['AT', 0.04],
      ['BE', 0.05],
      ['PT', 0.04],
      ['FI', 0.02],
    ],
    travelShare: 0.045,
    vpnShare: 0.08,
    newDeviceEveryDays: 550,
    storageClearedEveryDays: 90,
    foreignCardShare: 0.13,
    kioskShare: 0.06,
    windfallsOfMonth: 0.15,
    dormantShare: 0.3,
  },
  merchants: {
    count: 2_400,
    onlyCategory: null,
    internationalShare: 0.4,
    zipfExponent: 1.05,
    laxShare: 0.28,
    openingShareOfDay: 0.004,
  },
  devices: {
    platformShares: [0.31, 0.33, 0.13, 0.07, 0.03, 0.07, 0.04, 0.02],
    englishShare: 0.16,
    hardwareAssuredShare: 0.55,
  },
  seasons: [{ fromDay: 49, toDay: 57, factor: 1.6 }],
  issuer: { noFundsShare: 0.03, unexplainedShare: 0.016, abroadShare: 0.015 },
  fraud: {
    share: 0.0023,
    families: {
      card_testing: 22,
      account_takeover: 24,
      device_farm: 14,
      bust_out: 7,
      scam_payee: 13,
      mule_chain: 7,
      refund_abuse: 7,
      merchant_collusion: 6,
    },
    skills: [0.15, 0.4, 0.45],
    everyFamily: false,
  },
};

/** About 21,000 payments in 30 days, of which some three in a hundred are fraud: ten times too many. */
export const DEMO: WorldParameters = {
  ...EVALUATION,
  name: 'demo',
  startsAt: '2026-09-01T00:00:00Z',
  days: 30,
  people: { ...EVALUATION.people, count: 1_400 },
  merchants: { ...EVALUATION.merchants, count: 420 },
  seasons: [],
  fraud: { ...EVALUATION.fraud, share: 0.04, everyFamily: true },
};

export const PARAMETER_SETS = { training: TRAINING, evaluation: EVALUATION, demo: DEMO } as const;

/** The same world as another seat has it: fewer fields, other people, other attackers. */
export function forSeat(parameters: WorldParameters, seat: Seat): WorldParameters {
  switch (seat) {
    case 'wallet':
      return parameters;
    case 'shop':
      return asShop(parameters);
    case 'bank':
      return asBank(parameters);
  }
}

/** One web shop: more people, most of whom buy once or twice a year and as guests; every day many are new. */
function asShop(parameters: WorldParameters): WorldParameters {
  const { people, merchants, fraud } = parameters;
  return {
    ...parameters,
    seat: 'shop',
    people: {
      ...people,
      count: people.count * 6,
      paymentsOfDayMedian: people.paymentsOfDayMedian / 14,
      joinShareOfDay: 0.025,
      personShare: 0,
      windfallsOfMonth: 0,
      subscriptions: 0,
      guestShare: 0.65,
      creditLineShare: 0,
    },
    merchants: { ...merchants, count: 1, onlyCategory: '5311', openingShareOfDay: 0 },
    fraud: {
      ...fraud,
      families: { ...fraud.families, bust_out: 0, scam_payee: 0, mule_chain: 0, merchant_collusion: 0 },
    },
  };
}

/** Accounts with an overdraft and a salary, which pay people and bills. */
function asBank(parameters: WorldParameters): WorldParameters {
  const { people, fraud } = parameters;
  return {
    ...parameters,
    seat: 'bank',
    people: {
      ...people,
      personShare: 0.4,
      subscriptions: 3,
      creditLineShare: 1,
      salaryUnits: 2_300,
      newCardEveryDays: Number.POSITIVE_INFINITY,
    },
    fraud: {
      ...fraud,
      families: {
        ...fraud.families,
        card_testing: 0,
        device_farm: 0,
        refund_abuse: 0,
        merchant_collusion: 0,
      },
    },
  };
}
