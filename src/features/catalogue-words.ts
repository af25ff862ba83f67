/**
 * Features in words, for reasons and limits: names, values with their unit, and the catalogue's
 * sentences. Only wording: nothing here changes a value or a decision.
 */
import { isMissing, MISSING_KINDS, missingKindIndex } from '#src/domain/feature-value.ts';
import type { FeatureDefinition, FeatureUnit } from './feature-definition.ts';
import { FEATURES } from './feature-catalogue.ts';

const MINUTES_IN_HOUR = 60;
const MINUTES_IN_DAY = 24 * MINUTES_IN_HOUR;

/** Feature names and values as the decision stage tells them to people. */
export const catalogueWords = {
  name: (index: number): string => definitionOf(index).name,

  /** The value with its unit: "7", "3 hours", "85 %", "no history". */
  value(index: number, value: number): string {
    if (isMissing(value)) return MISSING_KINDS[missingKindIndex(value)];
    return UNIT_WORDS[definitionOf(index).unit](value);
  },

  /** One sentence; for a missing value what is missing rather than "no history ago". */
  sentence(index: number, value: number): string {
    const { meaning, sentence } = definitionOf(index);
    const words = catalogueWords.value(index, value);
    return isMissing(value) ? `${meaning}: ${words}` : sentence.replace('{value}', words);
  },
};

const UNIT_WORDS: Readonly<Record<FeatureUnit, (value: number) => string>> = {
  payments: shortNumber,
  entities: shortNumber,
  'minor units': (value) => `${shortNumber(value)} minor units`,
  minutes: durationWords,
  days: (value) => durationWords(value * MINUTES_IN_DAY),
  ratio: shortNumber,
  share: (value) => `${shortNumber(value * 100)} %`,
  flag: (value) => (value === 0 ? 'no' : 'yes'),
  code: shortNumber,
};

function definitionOf(index: number): FeatureDefinition {
  const definition = FEATURES[index];
  if (!definition) throw new Error(`there is no feature ${index}`);
  return definition;
}

/** In the largest unit of which there are at least two. */
function durationWords(minutes: number): string {
  if (minutes >= 2 * MINUTES_IN_DAY) return `${Math.floor(minutes / MINUTES_IN_DAY)} days`;
  if (minutes >= 2 * MINUTES_IN_HOUR) return `${Math.floor(minutes / MINUTES_IN_HOUR)} hours`;
  if (minutes >= 2) return `${Math.floor(minutes)} minutes`;
  return minutes >= 1 ? 'one minute' : 'less than a minute';
}

/** Whole numbers as they are, others with three significant digits. */
function shortNumber(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
