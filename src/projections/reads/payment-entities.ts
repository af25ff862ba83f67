/** The entities that a payment names, by the ids that were sent. */
import type { EntityKind } from '#src/domain/entity.ts';
import type { PaymentFacts, PaymentPersonal } from '#src/domain/payment.ts';
import type { EntityName } from '#src/ports/ledger-queries.ts';
import type { FoundPayment } from './payment-view.ts';

export function entitiesOf({ received, found }: FoundPayment): EntityName[] {
  const ids = idsOf(received.facts, found.personal?.payment ?? {});
  return ids.flatMap(([kind, id]) => (id === undefined ? [] : [{ kind, id }]));
}

function idsOf(facts: PaymentFacts, personal: PaymentPersonal): [EntityKind, string | undefined][] {
  return [
    ['account', facts.debtor],
    ['creditor', facts.creditor],
    ['merchant', facts.merchant?.id],
    ['card', personal.cardId],
    ['device', personal.device?.id],
    ['ip', personal.ip],
  ];
}
