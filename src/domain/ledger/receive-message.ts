/**
 * Takes what another shard says, once: messages between two shards are numbered without gaps, the
 * number of the last one taken is part of the state, and what is not above it does nothing. So a
 * message may come any number of times, also after a restore.
 */
import type { ReceiveMessage } from '#src/domain/commands.ts';
import type { LedgerEvent } from '#src/domain/events.ts';
import type { DebitReturned } from '#src/domain/shard-message.ts';
import { DONE_BEFORE, done, type DecidingContext, type Verdict } from './deciding.ts';
import { registerPayment, reverseRest, takeBackPayment } from './payment-directory.ts';
import { creditAccount, settleCredit, takeReturn } from './remote-credit.ts';
import { debitAccount, finishReversal, refuseReversal } from './remote-reversal.ts';

/** @throws MessageGapError when one before it is missing. */
export function receiveMessage(context: DecidingContext, command: ReceiveMessage): Verdict {
  const { source, sequence } = command;
  const last = context.state.counters.received[source] ?? 0;
  if (sequence <= last) return DONE_BEFORE;
  if (sequence > last + 1) throw new MessageGapError(source, last, sequence);
  return done({ type: 'MessageReceived', source, sequence }, ...effectsOf(context, command));
}

function effectsOf(context: DecidingContext, { source, message }: ReceiveMessage): readonly LedgerEvent[] {
  switch (message.type) {
    case 'ShareFact':
      return [message.fact];
    case 'CreditAccount':
      return creditAccount(context, source, message);
    case 'CreditTaken':
      return settleCredit(context, message);
    case 'CreditReturned':
      return takeReturn(context, source, message);
    case 'DebitAccount':
      return debitAccount(context, source, message);
    case 'DebitTaken':
      return finishReversal(context, message);
    case 'DebitReturned':
      return reversalRefused(context, message);
    case 'RegisterPayment':
      return registerPayment(context, source, message.paymentId);
    case 'PaymentIdTaken':
      return takeBackPayment(context, message);
  }
}

/** What a payment that is being taken back has free again is asked for by force. */
function reversalRefused(context: DecidingContext, message: DebitReturned): readonly LedgerEvent[] {
  const refusal = refuseReversal(context, message);
  const payment = context.state.payments.get(message.paymentId);
  if (payment?.idConflict === undefined) return [refusal];
  const pendingReversals = payment.pendingReversals.filter(({ id }) => id !== message.reversalId);
  return [refusal, ...reverseRest(context, { ...payment, pendingReversals })];
}

/** The broker has lost messages, or gives them out of order: going on would lose money. Not to be retried. */
export class MessageGapError extends Error {
  override readonly name = 'MessageGapError';

  constructor(source: number, last: number, sequence: number) {
    super(`message ${sequence} of shard ${source} came after ${last}: what is between them is missing`);
  }
}
