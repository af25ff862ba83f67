/**
 * Turns vectors of features into the inputs of a network: a transform, a centre and a scale for
 * each feature that the model uses, and an input of 0 or 1 for each kind of missing that it was
 * trained to see. A missing value itself becomes 0, the centre; features that the model does not
 * use (masked) have no input at all.
 *
 * Plain loops over tables that are built once: it runs for every payment. Nothing here throws, and
 * what is not a number becomes the centre, because the stand-in that cannot fail uses it as well.
 */
import { MISSING_KINDS, missingKindIndex, NOT_SENT } from '#src/domain/feature-value.ts';
import type { MissingKind } from '#src/domain/feature-value.ts';

/** Inputs are cut off here, in standard deviations: one wild value must not decide alone. */
export const INPUT_LIMIT = 6;

export type Transform = 'identity' | 'logarithm' | 'masked';

export interface FeatureNormalisation {
  readonly transform: Transform;
  /** Subtracted after the transform. */
  readonly centre: number;
  /** Then divided by this; above 0. */
  readonly scale: number;
}

/** An input that is 1 where a feature is missing in this way. Features that always miss together share one. */
export interface MissingIndicator {
  readonly kind: MissingKind;
  /** Places in the feature catalogue. */
  readonly features: readonly number[];
}

export interface NormaliserTables {
  /** One for each feature of the catalogue, in its order. */
  readonly features: readonly FeatureNormalisation[];
  readonly indicators: readonly MissingIndicator[];
}

export interface Normaliser {
  readonly featureCount: number;
  /** Inputs of a row: the unmasked features in catalogue order, then the indicators. */
  readonly inputs: number;
  /** The feature behind each input; indicators name the first of their features. */
  readonly featureOfInput: Int32Array;
  /** Reads `rows` rows of `vectors`, writes `rows` rows of `inputs` numbers to `out`. */
  normalise(vectors: Float32Array, rows: number, out: Float32Array): void;
}

const KINDS = MISSING_KINDS.length;
const NO_INPUT = -1;

const floatScratch = new Float32Array(1);
const bitsScratch = new Int32Array(floatScratch.buffer);
const MANTISSA_STEP = 2 ** -23;
const EXPONENT_BIAS = 127;

/**
 * sign(x) · log2(1 + |x|), with straight lines between the powers of two: the exponent and the
 * mantissa of a float, read as one number. As good as the true logarithm for a network, monotone,
 * a tenth of its time, and the same bits on every machine.
 */
export function signedLogarithm(value: number): number {
  floatScratch[0] = 1 + Math.abs(value);
  const logarithm = (bitsScratch[0] as number) * MANTISSA_STEP - EXPONENT_BIAS;
  return value < 0 ? -logarithm : logarithm;
}

function limit(value: number): number {
  if (value > INPUT_LIMIT) return INPUT_LIMIT;
  if (value >= -INPUT_LIMIT) return value;
  return value < -INPUT_LIMIT ? -INPUT_LIMIT : 0;
}

function indicatorTable(tables: NormaliserTables, firstInput: number): Int32Array {
  const inputOf = new Int32Array(tables.features.length * KINDS).fill(NO_INPUT);
  tables.indicators.forEach((indicator, place) => {
    for (const feature of indicator.features) {
      inputOf[feature * KINDS + MISSING_KINDS.indexOf(indicator.kind)] = firstInput + place;
    }
  });
  return inputOf;
}

function usedFeatures(tables: NormaliserTables): Int32Array {
  return Int32Array.from(
    tables.features.flatMap((each, feature) => (each.transform === 'masked' ? [] : [feature])),
  );
}

export function createNormaliser(tables: NormaliserTables): Normaliser {
  const featureCount = tables.features.length;
  const used = usedFeatures(tables);
  const inputs = used.length + tables.indicators.length;
  const indicatorOf = indicatorTable(tables, used.length);
  const isLogarithm = Uint8Array.from(used, (feature) =>
    tables.features[feature]?.transform === 'logarithm' ? 1 : 0,
  );
  const centre = Float64Array.from(used, (feature) => tables.features[feature]?.centre ?? 0);
  const factor = Float64Array.from(used, (feature) => 1 / (tables.features[feature]?.scale ?? 1));
  const zeroInput = centre.map((each, input) => limit(-each * (factor[input] as number)));
  const featureOfInput = Int32Array.from([
    ...used,
    ...tables.indicators.map((each) => each.features[0] ?? 0),
  ]);

  /** Zero is the commonest value by far, so its inputs are looked up. */
  const normaliseRow = (vectors: Float32Array, row: number, out: Float32Array): void => {
    const from = row * featureCount;
    const to = row * inputs;
    for (let input = 0; input < used.length; input++) {
      const feature = used[input] as number;
      const value = vectors[from + feature] as number;
      if (value === 0) {
        out[to + input] = zeroInput[input] as number;
      } else if (value <= NOT_SENT) {
        const indicator = indicatorOf[feature * KINDS + missingKindIndex(value)] as number;
        if (indicator !== NO_INPUT) out[to + indicator] = 1;
      } else {
        const transformed = isLogarithm[input] === 1 ? signedLogarithm(value) : value;
        out[to + input] = limit((transformed - (centre[input] as number)) * (factor[input] as number));
      }
    }
  };

  const normalise = (vectors: Float32Array, rows: number, out: Float32Array): void => {
    out.fill(0, 0, rows * inputs);
    for (let row = 0; row < rows; row++) normaliseRow(vectors, row, out);
  };

  return { featureCount, inputs, featureOfInput, normalise };
}
