/**
 * A trained feed-forward network, ready to be asked. It knows nothing of payments: normalising
 * before it and calibrating after it are the scoring stage's.
 */

/** Dense layers in order: `relu` after each but the last, whose single output is the log-odds. */
export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major, `inputs` × `outputs`. */
  readonly kernel: Float32Array;
  /** One for each output. */
  readonly bias: Float32Array;
}

export interface Network {
  /** How many numbers a row has. */
  readonly inputs: number;
  /**
   * The log-odds of each of `rows` rows, from a row-major `rows` × `inputs` array.
   *
   * A row's answer depends on that row alone: it is the same bits whatever the number and the
   * order of the rows beside it, because the score in the log must be what a replay computes.
   * Throws when the backend fails.
   */
  infer(inputs: Float32Array, rows: number): Float32Array;
  /** Frees the weights; the network must not be asked again. */
  dispose(): void;
}

/** Opens a network on one backend, once for a process and model. */
export type OpenNetwork = (layers: readonly DenseLayer[]) => Promise<Network>;
