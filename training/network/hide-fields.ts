/**
 * Now and then a training row is shown as if one field had not been sent, so that the network does not
 * lean on any one alone: senders differ in what they have, and an attacker chooses what to leave out.
 */
import type { NormaliserTables } from '#src/scoring/normaliser.ts';
import type { Random } from '#training/random.ts';

/** The share of rows with a field hidden. */
const HIDDEN_SHARE = 0.15;

interface HideableField {
  /** Inputs that become 0, the centre. */
  readonly zero: readonly number[];
  /** Indicators that say "not sent". */
  readonly one: readonly number[];
}

function fieldOf(tables: NormaliserTables, isOfField: (feature: number) => boolean): HideableField {
  const used = tables.features.flatMap(({ transform }, feature) => (transform === 'masked' ? [] : [feature]));
  const values = used.flatMap((feature, input) => (isOfField(feature) ? [input] : []));
  const indicators = tables.indicators.flatMap(({ kind, features }, place) =>
    features.every(isOfField) ? [{ kind, input: used.length + place }] : [],
  );
  const inputsOf = (isNotSent: boolean): readonly number[] =>
    indicators.flatMap(({ kind, input }) => ((kind === 'not sent') === isNotSent ? [input] : []));
  return { zero: [...values, ...inputsOf(false)], one: inputsOf(true) };
}

export type HideFields = (inputs: Float32Array, rows: number, random: Random) => void;

/** `fields` names for each field the features that are made of it. */
export function createFieldHider(
  tables: NormaliserTables,
  fields: readonly ReadonlySet<number>[],
): HideFields {
  const hideable = fields.map((field) => fieldOf(tables, (feature) => field.has(feature)));
  const width =
    tables.features.filter(({ transform }) => transform !== 'masked').length + tables.indicators.length;
  return (inputs, rows, random) => {
    for (let row = 0; row < rows; row++) {
      if (random.uniform() >= HIDDEN_SHARE) continue;
      const field = hideable[Math.floor(random.uniform() * hideable.length)];
      for (const input of field?.zero ?? []) inputs[row * width + input] = 0;
      for (const input of field?.one ?? []) inputs[row * width + input] = 1;
    }
  };
}
