/**
 * How often payments of about this amount turned out to be fraud, over everybody, from labels that are
 * old enough. Fraudsters favour amounts (small ones to test, large ones that resell), and which ones
 * changes: the band's own record finds them without naming any.
 */
import type { FeatureSource } from '#training/handbook/feature-source.ts';
import { DAY_SECONDS } from '#training/handbook/transactions.ts';

const WINDOW_SECONDS = 35 * DAY_SECONDS;
/** Bands for each doubling of the amount. */
const BANDS = [6, 32] as const;
const BANDS_MAX = 1024;
/** A band without a record counts as this many payments with this share of fraud. */
const PRIOR_PAYMENTS = 2;
const PRIOR_SHARE = 0.01;

interface BandRecord {
  readonly frauds: Float64Array;
  readonly payments: Float64Array;
}

function bandOf(amountMinor: number, perDoubling: number): number {
  return Math.min(BANDS_MAX - 1, Math.floor(Math.log2(1 + amountMinor) * perDoubling));
}

export function createAmountRisk(labelDelaySeconds: number): FeatureSource {
  const records = BANDS.map((): BandRecord => ({
    frauds: new Float64Array(BANDS_MAX),
    payments: new Float64Array(BANDS_MAX),
  }));
  const seen: { readonly second: number; readonly amountMinor: number; readonly isFraud: boolean }[] = [];
  let known = 0;
  let inWindow = 0;

  const count = (place: number, sign: 1 | -1): void => {
    const one = seen[place];
    if (one === undefined) return;
    records.forEach(({ frauds, payments }, at) => {
      const band = bandOf(one.amountMinor, BANDS[at] as number);
      payments[band] = (payments[band] as number) + sign;
      if (one.isFraud) frauds[band] = (frauds[band] as number) + sign;
    });
  };

  const advance = (second: number): void => {
    for (; known < seen.length && (seen[known]?.second ?? 0) <= second - labelDelaySeconds; known++)
      count(known, 1);
    for (; inWindow < known && (seen[inWindow]?.second ?? 0) <= second - WINDOW_SECONDS; inWindow++)
      count(inWindow, -1);
  };

  return {
    names: ['amount_risk', 'amount_risk_narrow', 'amount_log'],
    observe: ({ second, amountMinor }, isFraud, { out, at }) => {
      advance(second);
      const risks = records.map(({ frauds, payments }, place) => {
        const band = bandOf(amountMinor, BANDS[place] as number);
        return (
          ((frauds[band] as number) + PRIOR_PAYMENTS * PRIOR_SHARE) /
          ((payments[band] as number) + PRIOR_PAYMENTS)
        );
      });
      out.set([...risks, Math.log2(1 + amountMinor)], at);
      seen.push({ second, amountMinor, isFraud });
    },
  };
}
