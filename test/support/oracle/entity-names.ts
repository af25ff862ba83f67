/** What a payment calls its entities, in the clear. */
import type { EntityKind } from '#src/domain/entity.ts';
import type { PaymentRequest } from '#src/domain/payment.ts';

export type EntityNames = Readonly<Partial<Record<EntityKind | 'payee', string>>>;

export function entityNames({ facts, personal }: PaymentRequest): EntityNames {
  const { ip } = personal;
  const names: Record<string, string | undefined> = {
    account: facts.debtor,
    creditor: facts.creditor,
    card: personal.cardId,
    device: personal.device?.id,
    ip,
    ipNetwork: ip?.replace(/\.\d+$/, '.0/24'),
    merchant: facts.merchant?.id,
    email: personal.emailHash,
    bin: facts.card?.bin,
    payee: facts.merchant === undefined ? `creditor ${facts.creditor}` : `merchant ${facts.merchant.id}`,
  };
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== undefined));
}
