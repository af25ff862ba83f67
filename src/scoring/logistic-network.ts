/**
 * The second model that cannot fail: a logistic regression on the network's own inputs, in plain
 * TypeScript, shipped with every model. It stands in when the network throws, answers with what is
 * no number, or is not there at all.
 */
import type { Network } from '#src/ports/network.ts';

export interface LogisticWeights {
  /** One for each input. */
  readonly weights: readonly number[];
  readonly bias: number;
}

export function createLogisticNetwork(logistic: LogisticWeights): Network {
  const inputs = logistic.weights.length;
  const weights = Float64Array.from(logistic.weights);

  const infer = (values: Float32Array, rows: number): Float32Array => {
    const logOdds = new Float32Array(rows);
    for (let row = 0; row < rows; row++) {
      let sum = logistic.bias;
      const from = row * inputs;
      for (let input = 0; input < inputs; input++)
        sum += (weights[input] as number) * (values[from + input] as number);
      logOdds[row] = sum;
    }
    return logOdds;
  };

  return { inputs, infer, dispose: () => undefined };
}
