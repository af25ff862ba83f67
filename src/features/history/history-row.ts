/** One record of a history: an attempt, or what became of one. */

export interface HistoryRow {
  /** Feature time of an attempt, shard time of an outcome; milliseconds since 1970. */
  time: number;
  /** Minor units of the reference currency, -1 without a rate; of a label its payment's feature time. */
  amount: number;
  readonly attributes: Uint32Array;
  flags: number;
  traits: number;
  idLow: number;
  idHigh: number;
}

/** What is in a row's kind: 0 for an attempt, else what became of it. Stored; never changed. 7 is a signal's, see `entity-record.ts`. */
export const ROW_KIND = {
  attempt: 0,
  posted: 1,
  denied: 2,
  rejected: 3,
  issuerDeclined: 4,
  reversed: 5,
  fraud: 6,
  /** Labels of fraud were taken back: of the payment, or where there is no payment those on the entity itself. */
  cleared: 8,
} as const;

export function emptyRow(): HistoryRow {
  return { time: 0, amount: 0, attributes: new Uint32Array(4), flags: 0, traits: 0, idLow: 0, idHigh: 0 };
}
