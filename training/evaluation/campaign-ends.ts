/** What campaigns got away with when the product decided: how many payments, for how long, how much money. */

export interface CampaignPayment {
  readonly at: number;
  readonly amountMinor: number;
  readonly family: string;
  readonly campaign: string;
  /** Withheld by the policy, or afterwards by a reviewer. */
  readonly isStopped: boolean;
  /** The money moved. */
  readonly isLost: boolean;
}

export interface FamilyEnd {
  readonly family: string;
  readonly campaigns: number;
  readonly attempts: number;
  readonly stoppedShare: number;
  /** The median campaign's first stopped payment, counted from 1; null if half were never stopped. */
  readonly firstStoppedPaymentMedian: number | null;
  readonly minutesToFirstStopMedian: number | null;
  /** From the median campaign's first payment to the last one that moved money; 0 if none did. */
  readonly minutesToLastLossMedian: number | null;
  /** What the median campaign got away with. */
  readonly lostMinorMedian: number | null;
  readonly lostMinor: number;
  readonly triedMinor: number;
}

const MINUTE_MS = 60_000;

function median(values: readonly number[]): number | null {
  const value = values.toSorted((one, other) => one - other)[values.length >> 1];
  return value === undefined || value === Number.POSITIVE_INFINITY ? null : value;
}

function firstStop(payments: readonly CampaignPayment[]): {
  readonly payment: number;
  readonly minutes: number;
} {
  const place = payments.findIndex((payment) => payment.isStopped);
  if (place < 0) return { payment: Number.POSITIVE_INFINITY, minutes: Number.POSITIVE_INFINITY };
  return { payment: place + 1, minutes: ((payments[place]?.at ?? 0) - (payments[0]?.at ?? 0)) / MINUTE_MS };
}

/** Afterwards it got nothing more. */
function minutesToLastLoss(payments: readonly CampaignPayment[]): number {
  const last = payments.findLast((payment) => payment.isLost);
  return last === undefined ? 0 : (last.at - (payments[0]?.at ?? 0)) / MINUTE_MS;
}

function sumAmounts(payments: readonly CampaignPayment[]): number {
  return payments.reduce((total, payment) => total + payment.amountMinor, 0);
}

const lossOf = (payments: readonly CampaignPayment[]): number =>
  sumAmounts(payments.filter((payment) => payment.isLost));

function familyEnd(family: string, payments: readonly CampaignPayment[]): FamilyEnd {
  const campaigns = [...Map.groupBy(payments, (payment) => payment.campaign).values()];
  const stops = campaigns.map(firstStop);
  return {
    family,
    campaigns: campaigns.length,
    attempts: payments.length,
    stoppedShare: payments.filter((payment) => payment.isStopped).length / payments.length,
    firstStoppedPaymentMedian: median(stops.map((stop) => stop.payment)),
    minutesToFirstStopMedian: median(stops.map((stop) => stop.minutes)),
    minutesToLastLossMedian: median(campaigns.map(minutesToLastLoss)),
    lostMinorMedian: median(campaigns.map(lossOf)),
    lostMinor: lossOf(payments),
    triedMinor: sumAmounts(payments),
  };
}

/** One line for each family, in the order of their names; payments in order of time. */
export function campaignEnds(payments: readonly CampaignPayment[]): readonly FamilyEnd[] {
  return [...Map.groupBy(payments, (payment) => payment.family)]
    .map(([family, ofFamily]) => familyEnd(family, ofFamily))
    .sort((one, other) => (one.family < other.family ? -1 : 1));
}
