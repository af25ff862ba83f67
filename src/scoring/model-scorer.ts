/**
 * The scorer of one model: normalise, ask the network, calibrate. When the network throws, answers
 * with what is no number, or could not be opened, the logistic stand-in answers the whole round in
 * its place and the round is marked degraded (D2); the next round asks the network again.
 */
import type { Network } from '#src/ports/network.ts';
import type { RoundScores, Scorer } from '#src/ports/scorer.ts';
import { calibrated } from '#src/scoring/calibration.ts';
import type { Calibration } from '#src/scoring/calibration.ts';
import { createExplainer } from '#src/scoring/explainer.ts';
import type { Normaliser } from '#src/scoring/normaliser.ts';

export interface CalibratedNetwork {
  readonly network: Network;
  readonly calibration: Calibration;
}

export interface ModelScorerParts {
  /** `name@version`. */
  readonly model: string;
  readonly normaliser: Normaliser;
  /** Absent when it could not be opened: every round is then degraded. */
  readonly main: CalibratedNetwork | undefined;
  readonly standIn: CalibratedNetwork;
  /** The group of each feature of the catalogue, in its order. */
  readonly groups: readonly string[];
  /** The inputs of a usual honest payment, which explanations compare with. */
  readonly referenceInputs: Float32Array;
  /** How much the network takes of each input, to name the feature that speaks for its group. */
  readonly inputWeights: Float32Array;
  /** Told why the main network did not answer. */
  readonly onFailure: (error: unknown) => void;
}

interface RoundAnswer {
  /** Raw log-odds. */
  readonly logOdds: Float32Array;
  readonly by: CalibratedNetwork;
}

function assertNumbers(logOdds: Float32Array, rows: number): void {
  if (logOdds.length !== rows) throw new Error(`the network answered ${logOdds.length} rows of ${rows}`);
  for (let row = 0; row < rows; row++) {
    if (!Number.isFinite(logOdds[row]))
      throw new Error(`the network's answer for row ${row} is ${logOdds[row]}`);
  }
}

function probabilitiesOf(answer: RoundAnswer): Float32Array {
  const { calibration } = answer.by;
  return answer.logOdds.map((logOdds) => calibrated(calibration, logOdds));
}

export function createModelScorer(parts: ModelScorerParts): Scorer {
  const { main, standIn, normaliser } = parts;
  let inputs = new Float32Array(0);

  const ask = (values: Float32Array, rows: number): RoundAnswer => {
    if (main !== undefined) {
      try {
        const logOdds = main.network.infer(values, rows);
        assertNumbers(logOdds, rows);
        return { logOdds, by: main };
      } catch (error) {
        parts.onFailure(error);
      }
    }
    return { logOdds: standIn.network.infer(values, rows), by: standIn };
  };

  const score = (vectors: Float32Array, rows: number): RoundScores => {
    const length = rows * normaliser.inputs;
    if (inputs.length < length) inputs = new Float32Array(length);
    normaliser.normalise(vectors, rows, inputs);
    const answer = ask(inputs, rows);
    return { probabilities: probabilitiesOf(answer), degraded: answer.by !== main };
  };

  const explain = createExplainer({
    normaliser,
    groups: parts.groups,
    referenceInputs: parts.referenceInputs,
    inputWeights: parts.inputWeights,
    calibratedLogOdds: (values, rows) => {
      const { logOdds, by } = ask(values, rows);
      return logOdds.map((each) => by.calibration.slope * each);
    },
  });

  return { model: parts.model, featureCount: normaliser.featureCount, score, explain };
}
