/**
 * Adam with decoupled weight decay (Kingma and Ba, 2015; Loshchilov and Hutter, 2019) on plain
 * arrays, so that a step is the same on every backend and its whole state can be written down.
 */

export interface AdamState {
  steps: number;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

export interface AdamRates {
  readonly learningRate: number;
  /** The share of each weight that a step of rate 1 takes away. */
  readonly weightDecay: number;
}

const FIRST_DECAY = 0.9;
const SECOND_DECAY = 0.999;
const EPSILON = 1e-8;

export function createAdamState(size: number): AdamState {
  return { steps: 0, first: new Float32Array(size), second: new Float32Array(size) };
}

/** Moves `weights` against `gradient`, in place. */
export function adamStep(
  state: AdamState,
  weights: Float32Array,
  options: AdamRates & { gradient: Float32Array },
): void {
  const { learningRate, weightDecay, gradient } = options;
  state.steps += 1;
  const firstCorrection = 1 - FIRST_DECAY ** state.steps;
  const secondCorrection = 1 - SECOND_DECAY ** state.steps;
  for (let at = 0; at < weights.length; at++) {
    const slope = gradient[at] as number;
    const first = FIRST_DECAY * (state.first[at] as number) + (1 - FIRST_DECAY) * slope;
    const second = SECOND_DECAY * (state.second[at] as number) + (1 - SECOND_DECAY) * slope * slope;
    state.first[at] = first;
    state.second[at] = second;
    const step = first / firstCorrection / (Math.sqrt(second / secondCorrection) + EPSILON);
    weights[at] = (weights[at] as number) - learningRate * (step + weightDecay * (weights[at] as number));
  }
}
