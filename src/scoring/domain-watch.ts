/**
 * Is the traffic of a kind that the model was trained on? For each group of features the share of
 * payments that send what it is made of is compared with training, for the seat (wallet, shop, bank)
 * that the traffic is most like. A model that learnt from devices and is given none still answers, only
 * not with what its figures promise, and somebody should know.
 */
import { NOT_SENT } from '#src/domain/feature-value.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';

/** Fewer payments say nothing. */
export const PAYMENTS_MIN = 500;
/** Older traffic counts half after this many payments, so that a change shows. */
const PAYMENTS_HALVED_AT = 20_000;
/** Shares that differ by more than this are reported. */
export const SHARE_DIFFERENCE_MAX = 0.4;

export interface DomainGap {
  readonly group: string;
  readonly trainedShare: number;
  readonly liveShare: number;
  /** In words. */
  readonly text: string;
}

export interface DomainWatch {
  observe(vectors: Float32Array, rows: number): void;
  /** Empty while the traffic fits, or while there is too little of it. */
  gaps(): readonly DomainGap[];
}

interface WatchedGroup {
  readonly group: string;
  /** The feature of the group that was sent most often in training. */
  readonly feature: number;
  readonly trainedShare: number;
}

function watchedGroups(
  { features }: ModelManifest,
  groups: readonly string[],
  seat: string,
): readonly WatchedGroup[] {
  const best = new Map<string, WatchedGroup>();
  features.forEach(({ traffic, transform }, feature) => {
    const group = groups[feature] ?? '';
    const trainedShare = 1 - (traffic[seat]?.notSentShare ?? 1);
    if (transform !== 'masked' && trainedShare > (best.get(group)?.trainedShare ?? -1))
      best.set(group, { group, feature, trainedShare });
  });
  return [...best.values()];
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function fewer(one: readonly DomainGap[], other: readonly DomainGap[]): readonly DomainGap[] {
  return other.length < one.length ? other : one;
}

export function createDomainWatch(manifest: ModelManifest, groups: readonly string[]): DomainWatch {
  const seats = manifest.seats.map((seat) => watchedGroups(manifest, groups, seat));
  const features = [...new Set(seats.flat().map(({ feature }) => feature))];
  const width = manifest.features.length;
  const sent = new Float64Array(width);
  let payments = 0;

  const observe = (vectors: Float32Array, rows: number): void => {
    for (let row = 0; row < rows; row++) {
      for (const feature of features) {
        if (vectors[row * width + feature] !== NOT_SENT) sent[feature] = (sent[feature] as number) + 1;
      }
    }
    payments += rows;
    if (payments < PAYMENTS_HALVED_AT) return;
    payments /= 2;
    sent.forEach((count, feature) => (sent[feature] = count / 2));
  };

  const gapsTo = (watched: readonly WatchedGroup[]): readonly DomainGap[] =>
    watched
      .map(({ group, feature, trainedShare }) => {
        const liveShare = (sent[feature] as number) / payments;
        const text = `trained with ${group} data on ${percent(trainedShare)}, yours has ${percent(liveShare)}`;
        return { group, trainedShare, liveShare, text };
      })
      .filter((gap) => Math.abs(gap.trainedShare - gap.liveShare) > SHARE_DIFFERENCE_MAX);

  const gaps = (): readonly DomainGap[] =>
    payments < PAYMENTS_MIN || seats.length === 0 ? [] : seats.map(gapsTo).reduce(fewer);

  return { observe, gaps };
}
