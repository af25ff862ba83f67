/** Which terms a record is found by. Its personal part, erased or not, decides only about the personal ones. */
import type { CommandRecord, LedgerEvent, PaymentReceived } from '#src/domain/events.ts';
import type { JournalTransaction } from '#src/domain/journal-transaction.ts';
import type { PaymentFacts } from '#src/domain/payment.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import { ALL_ERASURES, type TermKind } from './term-hasher.ts';

export type AddTerm = (kind: TermKind, value: string) => void;

export function addRecordTerms(
  record: CommandRecord,
  personal: PersonalContent | undefined,
  add: AddTerm,
): void {
  for (const event of record.events) {
    const transaction = transactionOf(event);
    if (transaction) for (const { account } of transaction.postings) add('postings', account);
    else addEventTerms(event, personal ?? NOTHING, add);
  }
}

const NOTHING: PersonalContent = {};

export function transactionOf(event: LedgerEvent): JournalTransaction | undefined {
  return 'transaction' in event ? event.transaction : undefined;
}

/** The payment or transfer that an event with a transaction is about. */
export function sourceOf(event: LedgerEvent): { readonly paymentId?: string; readonly transferId?: string } {
  if ('transferId' in event) return { transferId: event.transferId };
  return 'paymentId' in event && event.paymentId !== undefined ? { paymentId: event.paymentId } : {};
}

function addEventTerms(event: LedgerEvent, personal: PersonalContent, add: AddTerm): void {
  if (event.type === 'PaymentReceived') return addPaymentTerms(event, personal, add);
  if (event.type === 'PersonalDataErased') return add('erasures', ALL_ERASURES);
  if (event.type === 'SignalRecorded') {
    add('signals', event.account);
    if (personal.device !== undefined) add('signalDevice', personal.device);
    if (personal.ip !== undefined) add('signalIp', personal.ip);
  }
  if (personal.entity === undefined) return;
  if (event.type === 'ListEntryAdded') add('listed', namedEntity(event.kind, personal.entity));
  if (event.type === 'LabelRecorded' && event.entityKind !== undefined)
    add('labelled', namedEntity(event.entityKind, personal.entity));
}

function addPaymentTerms({ facts }: PaymentReceived, { payment }: PersonalContent, add: AddTerm): void {
  add('account', facts.debtor);
  add('creditor', facts.creditor);
  if (facts.merchant) add('merchant', facts.merchant.id);
  if (facts.group !== undefined) add('group', facts.group);
  for (const reference of referencesOf(facts)) add('reference', reference);
  if (!payment) return;
  if (payment.cardId !== undefined) add('card', payment.cardId);
  if (payment.device?.id !== undefined) add('device', payment.device.id);
  if (payment.ip !== undefined) add('ip', payment.ip);
}

export function referencesOf({ references }: PaymentFacts): readonly string[] {
  if (!references) return [];
  const { order, endToEnd, provider, payout } = references;
  return [order, endToEnd, provider, payout].filter((reference) => reference !== undefined);
}

/** The value of a term about an entity of any kind. */
export function namedEntity(kind: string, id: string): string {
  return `${kind}:${id}`;
}
