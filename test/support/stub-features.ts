/** A feature stage with two features, the amount and the debtor's attempts so far, and names for its keys. */
import type { EntityKeyer } from '#src/ports/entity-keyer.ts';
import type { FeatureStage } from '#src/ports/feature-stage.ts';

export const STUB_FEATURES = ['amount', 'account_attempts'];

export interface StubStage extends FeatureStage {
  readonly outcomes: { readonly kind: string; readonly paymentId: string }[];
}

export function stubFeatureStage(): StubStage {
  const attempts = new Map<string, number>();
  const outcomes: StubStage['outcomes'] = [];
  return {
    outcomes,
    featureCount: STUB_FEATURES.length,
    load: () => Promise.resolve(),
    observe: ({ request }, _facts, { values, offset }) => {
      const { amount, debtor } = request.facts;
      const before = attempts.get(debtor) ?? 0;
      values.set([amount, before], offset);
      attempts.set(debtor, before + 1);
      return [];
    },
    recordOutcome: ({ kind, paymentId }) => outcomes.push({ kind, paymentId }),
    recordSignal: () => undefined,
    recordLabel: () => undefined,
  };
}

export const STUB_KEYER: EntityKeyer = {
  ofPayment: ({ facts }) => bytesOf(facts.debtor),
  ofSignal: ({ account }) => bytesOf(account),
  ofEntity: (kind, id) => bytesOf(`${kind}/${id}`),
};

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
