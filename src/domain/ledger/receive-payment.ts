/**
 * The first step of a payment: turned down for the ledger's own reasons, or pending with its funds
 * reserved on both sides. Limits are checked here, so that posting never fails for funds (L4).
 */
import { canBear, type Account } from '#src/domain/account.ts';
import type { Pay } from '#src/domain/commands.ts';
import type { EntityPosition, LedgerEvent, PaymentReceived, RejectionReason } from '#src/domain/events.ts';
import type { DecidingContext } from './deciding.ts';
import { otherShardOf } from '#src/domain/shard-place.ts';
import { accountInUse, inTransit, openingEvents } from './first-use.ts';
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
  const creditorShard = otherShardOf(facts.creditor, context.place);
  const from = accountInUse(context, { id: facts.debtor, asset: facts.asset, side: 'debtor' });
  // Whether a creditor of another shard can take it, that shard finds out when the money arrives.
  const to =
    creditorShard === undefined
      ? accountInUse(context, { id: facts.creditor, asset: facts.asset, side: 'creditor' })
      : inTransit(context, { to: creditorShard, asset: facts.asset });
  const rejection = rejectionOf(command, from?.account, to?.account);
  if (rejection) {
    const rejected: LedgerEvent = { type: 'PaymentRejected', paymentId: facts.id, reason: rejection };
    return { events: [received(command, arrival, { creditorShard }), rejected], rejection };
  }
  const hold = facts.amount > 0 ? context.state.counters.holds + 1 : undefined;
  const opened = from && to ? openingEvents(from, to) : [];
  return { events: [...opened, received(command, arrival, { hold, creditorShard })] };
}

function received(
  command: Pay,
  arrival: Arrival,
  { hold, creditorShard }: { hold?: number | undefined; creditorShard: number | undefined },
): PaymentReceived {
  const { facts, bodyDigest, bodyVersion, personal } = command;
  return {
    type: 'PaymentReceived',
    facts,
    ...arrival,
    bodyDigest,
    bodyVersion,
    ...(personal ? { personalDigest: personal.digest } : {}),
    ...(hold === undefined ? {} : { hold }),
    ...(creditorShard === undefined ? {} : { creditorShard }),
  };
}

function rejectionOf(
  { facts }: Pay,
  from: Readonly<Account> | undefined,
  to: Readonly<Account> | undefined,
): RejectionReason | undefined {
  if (!from || isReserved(from.id)) return 'debtor_unknown';
  if (!to || isReserved(facts.creditor)) return 'creditor_unknown';
  if (from.asset !== facts.asset || to.asset !== facts.asset) return 'asset_mismatch';
  if (from.status === 'closed') return 'debtor_closed';
  if (to.status === 'closed') return 'creditor_closed';
  if (from.debitsFrozen) return 'debtor_frozen';
  if (to.creditsFrozen) return 'creditor_frozen';
  if (from.receivable > 0n) return 'receivable_outstanding';
  return canBear(from, BigInt(facts.amount)) ? undefined : 'insufficient_funds';
}
