/**
 * Finds a normaliser's tables from training rows: which features carry anything, how they are
 * best spread out, and which kinds of missing occur often enough to be learnt.
 */
import { isMissing, MISSING_KINDS, missingKindIndex } from '#src/domain/feature-value.ts';
import { signedLogarithm } from '#src/scoring/normaliser.ts';
import type { FeatureNormalisation, MissingIndicator, NormaliserTables } from '#src/scoring/normaliser.ts';
import type { Dataset } from '#training/dataset.ts';

/** A kind of missing is an input if this share of rows has it, and this share has not. */
const INDICATOR_SHARE_MIN = 0.002;
/** A feature with less spread than this share of its size is constant. */
const SPREAD_MIN = 1e-6;

interface Moments {
  readonly mean: number;
  readonly deviation: number;
  readonly skewness: number;
}

const MASKED: FeatureNormalisation = { transform: 'masked', centre: 0, scale: 1 };

function presentValues(data: Dataset, feature: number): Float64Array {
  const values: number[] = [];
  for (let row = 0; row < data.rows; row++) {
    const value = data.values[row * data.columns + feature] as number;
    if (!isMissing(value)) values.push(value);
  }
  return Float64Array.from(values);
}

function momentsOf(values: Float64Array): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let square = 0;
  let cube = 0;
  for (const value of values) {
    const distance = value - mean;
    square += distance * distance;
    cube += distance * distance * distance;
  }
  const deviation = Math.sqrt(square / values.length);
  return { mean, deviation, skewness: cube / values.length / deviation ** 3 };
}

function normalisationOf(values: Float64Array): FeatureNormalisation {
  if (values.length < 2) return MASKED;
  const plain = momentsOf(values);
  if (!(plain.deviation > SPREAD_MIN * Math.max(1e-3, Math.abs(plain.mean)))) return MASKED;
  const logarithmic = momentsOf(values.map(signedLogarithm));
  const isSkewed = Math.abs(logarithmic.skewness) < Math.abs(plain.skewness);
  const chosen = isSkewed ? logarithmic : plain;
  return {
    transform: isSkewed ? 'logarithm' : 'identity',
    centre: Math.fround(chosen.mean),
    scale: Math.fround(chosen.deviation),
  };
}

/** A number for a sequence that differs for different sequences (FNV-1a over 32-bit words, twice). */
function createFingerprint(): { add: (word: number) => void; text: () => string } {
  let one = 0x811c9dc5;
  let other = 0x01000193;
  return {
    add: (word) => {
      one = Math.imul(one ^ word, 0x01000193);
      other = Math.imul(other ^ word ^ (one >>> 15), 0x85ebca6b);
    },
    text: () => `${one >>> 0}:${other >>> 0}`,
  };
}

function columnFingerprint(data: Dataset, feature: number): string {
  const bits = new Int32Array(data.values.buffer, data.values.byteOffset, data.values.length);
  const fingerprint = createFingerprint();
  for (let row = 0; row < data.rows; row++) fingerprint.add(bits[row * data.columns + feature] as number);
  return fingerprint.text();
}

function indicatorsOf(data: Dataset, features: readonly FeatureNormalisation[]): readonly MissingIndicator[] {
  const shared = new Map<string, { kind: number; features: number[] }>();
  features.forEach(({ transform }, feature) => {
    if (transform === 'masked') return;
    const kinds = MISSING_KINDS.map(() => ({ count: 0, fingerprint: createFingerprint() }));
    for (let row = 0; row < data.rows; row++) {
      const value = data.values[row * data.columns + feature] as number;
      if (!isMissing(value)) continue;
      const kind = kinds[missingKindIndex(value)];
      if (kind === undefined) continue;
      kind.count += 1;
      kind.fingerprint.add(row);
    }
    kinds.forEach(({ count, fingerprint }, kind) => {
      const share = count / data.rows;
      if (share < INDICATOR_SHARE_MIN || share > 1 - INDICATOR_SHARE_MIN) return;
      const key = `${kind} ${fingerprint.text()}`;
      const indicator = shared.get(key) ?? { kind, features: [] };
      indicator.features.push(feature);
      shared.set(key, indicator);
    });
  });
  return [...shared.values()].map(({ kind, features: members }) => ({
    kind: MISSING_KINDS[kind] ?? 'unreadable',
    features: members,
  }));
}

/** `masked` names features that must not be used, by place. Constant and repeated columns are masked as well. */
export function fitNormaliser(data: Dataset, masked: ReadonlySet<number> = new Set()): NormaliserTables {
  const seen = new Set<string>();
  const features = Array.from({ length: data.columns }, (_, feature): FeatureNormalisation => {
    if (masked.has(feature)) return MASKED;
    const fingerprint = columnFingerprint(data, feature);
    if (seen.has(fingerprint)) return MASKED;
    seen.add(fingerprint);
    return normalisationOf(presentValues(data, feature));
  });
  return { features, indicators: indicatorsOf(data, features) };
}
