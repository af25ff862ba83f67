/**
 * Scores the payments of one round, in one call.
 *
 * Guarantees: a row's probability depends on that row alone, bit for bit, and is a number from 0
 * to 1. Whatever happens to the model, there is an answer: `degraded` says that a stand-in gave it.
 */

export interface RoundScores {
  /** The calibrated probability of fraud, one for each row. */
  readonly probabilities: Float32Array;
  /** The rows were scored by the stand-in, because the model failed or is missing (D2). */
  readonly degraded: boolean;
}

/** What drove one row's score up. */
export interface ScoreReason {
  /** The feature of the group that stands furthest from what is usual. */
  readonly featureIndex: number;
  readonly group: string;
  /** Its value as scored, possibly a missing one. */
  readonly value: number;
  /** How far the log-odds fall when the whole group is set to what is usual for honest payments. */
  readonly contribution: number;
}

export interface Scorer {
  /** `name@version`. */
  readonly model: string;
  /** How many values a row has: the length of the feature catalogue. */
  readonly featureCount: number;
  /** `vectors` holds `rows` rows of `featureCount` values, row-major. */
  score(vectors: Float32Array, rows: number): RoundScores;
  /**
   * At most five reasons for each of `rows` rows, the strongest first; asked for together, so
   * that the network is called once for many. Meant for the payments of a round that are not simply approved.
   */
  explain(vectors: Float32Array, rows: number): readonly (readonly ScoreReason[])[];
}
