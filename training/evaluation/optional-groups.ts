/** Groups of fields that a sender may not have, with the features that are made of them: what is masked in turn. */
import { featureSubjects } from '#src/feature-list.ts';
import { optionalFields } from '#training/train/optional-fields.ts';
import type { OptionalField } from '#training/train/optional-fields.ts';

const OF_THE_PAYMENT: Readonly<Record<string, readonly string[]>> = {
  'card facts': ['card_facts'],
  checks: ['checks', 'authentication'],
  customer: ['customer'],
  countries: ['countries'],
  channel: ['channel'],
};

/** The fields that training hides now and then, and groups of the payment's own facts. */
export function optionalGroups(): readonly OptionalField[] {
  const subjects = featureSubjects();
  const placesOf = (wanted: readonly string[]): ReadonlySet<number> =>
    new Set(subjects.flatMap((subject, place) => (wanted.includes(subject) ? [place] : [])));
  const groups = Object.entries(OF_THE_PAYMENT).map(([name, wanted]) => ({
    name,
    features: placesOf(wanted),
  }));
  return [...optionalFields(), ...groups];
}
