/**
 * One payment for each id in the whole ledger (L6). A payment is decided at its home, the shard of its
 * debtor; the shard `hash(id)` keeps the directory of homes for ever. The home tells it; who comes second
 * is told so, takes its payment back and flags it.
 *
 * The same id in two homes means two debtors, so the second payment is always another one. Claims made
 * before the decision keep it rare; this is what makes it impossible.
 */
import type { Pay } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { PaymentIdTaken } from '#src/domain/shard-message.ts';
import { refused, type DecidingContext, type Verdict } from './deciding.ts';
import { reversibleAmount, type PaymentState } from './payment-state.ts';
import { reversalEvents } from './reverse-payment.ts';

/** The refusal of a payment whose id is known to be another shard's; before anything is done. */
export function idTakenElsewhere(
  { state, place }: Pick<DecidingContext, 'state' | 'place'>,
  command: Pay,
): Verdict | undefined {
  if (place.count === 1) return undefined;
  const { id } = command.facts;
  const homes = [command.claimedBy, state.directory.get(id)?.home, state.payments.get(id)?.idConflict];
  const isElsewhere = homes.some((home) => home !== undefined && home !== place.index);
  return isElsewhere ? refused('id_taken', `payment ${id} exists with another content`) : undefined;
}

/** In the directory. */
export function registerPayment(
  { state, place }: DecidingContext,
  source: number,
  paymentId: string,
): readonly LedgerEvent[] {
  const home = state.payments.get(paymentId) ? place.index : state.directory.get(paymentId)?.home;
  if (home === undefined) return [{ type: 'PaymentRegistered', paymentId, home: source }];
  return [{ type: 'PaymentIdRefused', paymentId, home, second: source }];
}

/** At the second home: flags the payment and takes back what it has done. */
export function takeBackPayment(
  context: DecidingContext,
  { paymentId, home }: PaymentIdTaken,
): readonly LedgerEvent[] {
  const payment = context.state.payments.get(paymentId);
  if (!payment) throw new Error(`payment ${paymentId} is not known`);
  const events: LedgerEvent[] = [{ type: 'PaymentIdConflict', paymentId, home }];
  if (payment.status === 'pending') events.push({ type: 'PaymentVoided', paymentId, reason: ID_CONFLICT });
  // What waits to be asked for by leave is asked for by force, with the rest.
  const dropped = payment.pendingReversals.filter(({ isSent, isForced }) => !isSent && !isForced);
  for (const { id: reversalId } of dropped)
    events.push({ type: 'ReversalRefused', paymentId, reversalId, reason: 'payment_returned' });
  const pendingReversals = payment.pendingReversals.filter((pending) => !dropped.includes(pending));
  return [...events, ...reverseRest(context, { ...payment, pendingReversals })];
}

/** Everything that can go back does, whatever has become of the accounts. */
export function reverseRest(
  context: DecidingContext,
  payment: Readonly<PaymentState>,
): readonly LedgerEvent[] {
  const amount = reversibleAmount(payment);
  if (amount === 0) return [];
  return reversalEvents(context, payment, {
    // Ids of clients have no such character.
    id: `~${ID_CONFLICT}~${payment.version}`,
    kind: 'correction',
    amount,
    reference: undefined,
    approval: { kind: 'saga', ref: `payment/${payment.id}/${ID_CONFLICT}` },
    isForced: true,
  });
}

const ID_CONFLICT = 'id_conflict';
