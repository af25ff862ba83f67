/**
 * The first step of a payment: turned down for the ledger's own reasons, or pending with its funds
 * reserved on both sides. Limits are checked here, so that posting never fails for funds (L4).
 */
import { canBear, type Account } from '#src/domain/account.ts';
import type { Pay } from '#src/domain/commands.ts';
import type { EntityPosition, LedgerEvent, PaymentReceived, RejectionReason } from '#src/domain/events.ts';
import type { DecidingContext } from './deciding.ts';
import { accountInUse, openingEvents } from './first-use.ts';
import { isReserved } from './system-accounts.ts';

export interface Reception {
  readonly events: readonly LedgerEvent[];
  /** Present when the ledger turned it down, and no decision is needed. */
  readonly rejection?: RejectionReason;
}

export interface Arrival {
  readonly receivedAt: number;
  readonly featureTime: number;
  readonly positions: readonly EntityPosition[];
}

export function receivePayment(context: DecidingContext, command: Pay, arrival: Arrival): Reception {
  const { facts } = command;
  const from = accountInUse(context, { id: facts.debtor, asset: facts.asset, side: 'debtor' });
  const to = accountInUse(context, { id: facts.creditor, asset: facts.asset, side: 'creditor' });
  const rejection = rejectionOf(command, from?.account, to?.account);
  if (rejection) {
    const rejected: LedgerEvent = { type: 'PaymentRejected', paymentId: facts.id, reason: rejection };
    return { events: [received(command, arrival, undefined), rejected], rejection };
  }
  const hold = facts.amount > 0 ? context.state.counters.holds + 1 : undefined;
  const opened = from && to ? openingEvents(from, to) : [];
  return { events: [...opened, received(command, arrival, hold)] };
}

function received(command: Pay, arrival: Arrival, hold: number | undefined): PaymentReceived {
  const { facts, bodyDigest, bodyVersion, personal } = command;
  return {
    type: 'PaymentReceived',
    facts,
    ...arrival,
    bodyDigest,
    bodyVersion,
    ...(personal ? { personalDigest: personal.digest } : {}),
    ...(hold === undefined ? {} : { hold }),
  };
}

function rejectionOf(
  { facts }: Pay,
  from: Readonly<Account> | undefined,
  to: Readonly<Account> | undefined,
): RejectionReason | undefined {
  if (!from || isReserved(from.id)) return 'debtor_unknown';
  if (!to || isReserved(to.id)) return 'creditor_unknown';
  if (from.asset !== facts.asset || to.asset !== facts.asset) return 'asset_mismatch';
  if (from.status === 'closed') return 'debtor_closed';
  if (to.status === 'closed') return 'creditor_closed';
  if (from.debitsFrozen) return 'debtor_frozen';
  if (to.creditsFrozen) return 'creditor_frozen';
  if (from.receivable > 0n) return 'receivable_outstanding';
  return canBear(from, BigInt(facts.amount)) ? undefined : 'insufficient_funds';
}
