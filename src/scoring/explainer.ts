/**
 * Why a payment scored as it did: each group of features in turn is set to what is usual for
 * honest payments (occlusion), and the fall in log-odds is the group's contribution. All groups of
 * the rows go to the network together.
 *
 * A group, not a feature: the six windows of one count say the same thing, and hiding one of them
 * alone would change nothing. The group speaks through its feature that stands furthest from usual, as
 * far as the network takes any of it.
 */
import type { ScoreReason } from '#src/ports/scorer.ts';
import type { Normaliser } from '#src/scoring/normaliser.ts';

/** More reasons than a person reads. */
export const REASONS_MAX = 5;
/** Log-odds; what moves the score by less (odds by a tenth) is no reason. */
export const CONTRIBUTION_MIN = 0.1;

/** Rows in one call of the network, so that a round of refusals does not need memory without bound. */
const ROWS_PER_CALL_MAX = 64;

export interface ExplainerParts {
  readonly normaliser: Normaliser;
  /** The group of each feature of the catalogue. */
  readonly groups: readonly string[];
  readonly referenceInputs: Float32Array;
  /** How much the network takes of each input. */
  readonly inputWeights: Float32Array;
  /** In one call for all rows; differences between rows are in calibrated log-odds. */
  readonly calibratedLogOdds: (inputs: Float32Array, rows: number) => Float32Array;
}

interface InputGroup {
  readonly name: string;
  readonly inputs: readonly number[];
}

export type Explain = (vectors: Float32Array, rows: number) => readonly (readonly ScoreReason[])[];

function groupInputs(normaliser: Normaliser, groups: readonly string[]): readonly InputGroup[] {
  const inputsOf = new Map<string, number[]>();
  normaliser.featureOfInput.forEach((feature, input) => {
    const name = groups[feature] ?? '';
    inputsOf.set(name, [...(inputsOf.get(name) ?? []), input]);
  });
  return [...inputsOf].map(([name, inputs]) => ({ name, inputs }));
}

export function createExplainer(parts: ExplainerParts): Explain {
  const { normaliser, referenceInputs, inputWeights } = parts;
  const width = normaliser.inputs;
  const groups = groupInputs(normaliser, parts.groups);
  const variants = groups.length + 1;

  /** For each row: the row as it is, then once for each group with that group occluded. */
  const occluded = (inputs: Float32Array, rows: number): Float32Array => {
    const all = new Float32Array(rows * variants * width);
    for (let row = 0; row < rows; row++) {
      const original = inputs.subarray(row * width, (row + 1) * width);
      for (let variant = 0; variant < variants; variant++) {
        const at = (row * variants + variant) * width;
        all.set(original, at);
        for (const input of groups[variant - 1]?.inputs ?? [])
          all[at + input] = referenceInputs[input] as number;
      }
    }
    return all;
  };

  const furthestInput = (group: InputGroup, inputs: Float32Array, row: number): number => {
    const distance = (input: number): number =>
      (inputWeights[input] as number) *
      Math.abs((inputs[row * width + input] as number) - (referenceInputs[input] as number));
    return group.inputs.reduce((best, input) => (distance(input) > distance(best) ? input : best));
  };

  const explainSome = (vectors: Float32Array, rows: number): readonly (readonly ScoreReason[])[] => {
    const inputs = new Float32Array(rows * width);
    normaliser.normalise(vectors, rows, inputs);
    const logOdds = parts.calibratedLogOdds(occluded(inputs, rows), rows * variants);

    const reasonOf = (row: number, group: InputGroup, place: number): ScoreReason => {
      const featureIndex = normaliser.featureOfInput[furthestInput(group, inputs, row)] as number;
      const first = row * variants;
      return {
        featureIndex,
        group: group.name,
        value: vectors[row * normaliser.featureCount + featureIndex] as number,
        contribution: (logOdds[first] as number) - (logOdds[first + 1 + place] as number),
      };
    };

    return Array.from({ length: rows }, (_, row) =>
      groups
        .map((group, place) => reasonOf(row, group, place))
        .filter((reason) => reason.contribution >= CONTRIBUTION_MIN)
        .sort((one, other) => other.contribution - one.contribution)
        .slice(0, REASONS_MAX),
    );
  };

  return (vectors, rows) => {
    const reasons: (readonly ScoreReason[])[] = [];
    for (let first = 0; first < rows; first += ROWS_PER_CALL_MAX) {
      const end = Math.min(rows, first + ROWS_PER_CALL_MAX);
      reasons.push(...explainSome(vectors.subarray(first * normaliser.featureCount), end - first));
    }
    return reasons;
  };
}
