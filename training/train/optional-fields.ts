/** Fields that a sender may not have, with the features that are made of them. */
import { featureSubjects } from '#src/feature-list.ts';

export interface OptionalField {
  readonly name: string;
  /** Places in the feature catalogue. */
  readonly features: ReadonlySet<number>;
}

const SUBJECTS: Readonly<Record<string, readonly string[]>> = {
  card: ['card', 'bin'],
  device: ['device', 'device_facts'],
  ip: ['ip', 'ipNetwork'],
  merchant: ['merchant', 'merchant_category'],
  email: ['email'],
};

export function optionalFields(): readonly OptionalField[] {
  const subjects = featureSubjects();
  return Object.entries(SUBJECTS).map(([name, wanted]) => ({
    name,
    features: new Set(subjects.flatMap((subject, place) => (wanted.includes(subject) ? [place] : []))),
  }));
}
