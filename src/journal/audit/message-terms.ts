/**
 * What a message asks for and what a record has done about it, in the same words: the audit of a
 * cluster compares the two without a copy of any message.
 */
import type { LedgerEvent } from '#src/domain/events.ts';
import type { CreditTerms, ShardMessage } from '#src/domain/shard-message.ts';

/** Also the money that moves from one shard to another with it. */
export interface MessageTerms {
  readonly text: string;
  readonly asset?: string;
  /** Minor units; in transit until the message is taken. */
  readonly amount?: number;
  /** It is money of the receiver that comes back: of the account in transit from there to here. */
  readonly isReturn?: boolean;
}

export function termsOfMessage(message: ShardMessage): MessageTerms {
  switch (message.type) {
    case 'ShareFact':
      return { text: factText(message.fact) };
    case 'CreditAccount':
      return { text: creditText('credit', message), asset: message.asset, amount: message.amount };
    case 'CreditTaken':
      return { text: `taken ${movementText(message)}` };
    case 'CreditReturned':
      return {
        text: `returned ${movementText(message)} ${message.reason}`,
        asset: message.asset,
        amount: message.amount,
        isReturn: true,
      };
    case 'DebitAccount':
      return { text: reversalText('debit', message) };
    case 'DebitTaken':
      return {
        text: `${reversalText('reversed', message)} ${message.amount}`,
        asset: message.asset,
        amount: message.amount,
      };
    case 'DebitReturned':
      return { text: `${reversalText('refused', message)} ${message.reason}` };
    case 'RegisterPayment':
      return { text: `register ${message.paymentId}` };
    case 'PaymentIdTaken':
      return { text: `conflict ${message.paymentId} ${message.home}` };
  }
}

/** Of the first event that says it; undefined where no message can have led to the events. */
export function termsOfEffect(events: readonly LedgerEvent[]): string | undefined {
  for (const event of events) {
    const text = effectText(event);
    if (text !== undefined) return text;
  }
  return undefined;
}

function effectText(event: LedgerEvent): string | undefined {
  switch (event.type) {
    case 'CreditPosted':
    case 'CreditRefused':
      return creditText('credit', event);
    case 'PaymentSettled':
    case 'TransferSettled':
      return `taken ${movementText(event)}`;
    case 'PaymentReturned':
    case 'TransferReturned':
      return `returned ${movementText(event)} ${event.reason}`;
    case 'DebitPosted':
    case 'DebitRefused':
      return reversalText('debit', event);
    case 'PaymentReversed':
      return `${reversalText('reversed', event)} ${event.amount}`;
    case 'ReversalRefused':
      return `${reversalText('refused', event)} ${event.reason}`;
    case 'PaymentRegistered':
    case 'PaymentIdRefused':
      return `register ${event.paymentId}`;
    case 'PaymentIdConflict':
      return `conflict ${event.paymentId} ${event.home}`;
    case 'PolicyActivated':
    case 'ModelActivated':
    case 'IpTableRecorded':
    case 'RatesRecorded':
    case 'TokenCreated':
    case 'TokenRevoked':
    case 'ListEntryAdded':
    case 'ListEntryRemoved':
      return factText(event);
    default:
      return undefined;
  }
}

function creditText(verb: string, terms: CreditTerms): string {
  const { debtor, creditor, asset, amount } = terms;
  return `${verb} ${movementText(terms)} ${debtor} ${creditor} ${amount} ${asset}`;
}

function movementText(terms: { paymentId?: string; captureId?: string; transferId?: string }): string {
  const { paymentId = '', captureId = '', transferId = '' } = terms;
  return transferId === '' ? `payment/${paymentId}/${captureId}` : `transfer/${transferId}`;
}

function reversalText(verb: string, reversal: { paymentId: string; reversalId: string }): string {
  return `${verb} ${reversal.paymentId}/${reversal.reversalId}`;
}

/** Bytes as their numbers; the same order of fields on both sides, as both are decoded by one codec. */
function factText(fact: LedgerEvent): string {
  return `fact ${JSON.stringify(fact)}`;
}
