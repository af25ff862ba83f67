/** The seat of a bank: transfers between accounts, with no card, device, address or merchant. */
import type { Attempt } from '#training/world/attempt.ts';
import { ASSET } from '#training/world/outbox.ts';
import type { PaymentBody } from '#training/world/world-item.ts';
import type { Occurrence } from './occurrence.ts';

export function renderForBank(attempt: Attempt, { id, occurredAt }: Occurrence): PaymentBody {
  return {
    id,
    occurredAt: new Date(occurredAt).toISOString(),
    amount: attempt.amount,
    asset: ASSET,
    debtor: attempt.payer.account,
    creditor: attempt.creditor,
    capture: 'automatic',
    customer: { createdAt: new Date(attempt.payer.createdAt).toISOString() },
    initiator: attempt.initiator,
    channel: attempt.initiator === 'merchant' ? 'recurring' : 'transfer',
    references: { endToEnd: attempt.group },
  };
}
