/**
 * Reads what the rows of a log say, one after the other, and reports what contradicts the ledger's
 * rules (L1, L2, L4, L5, L6, P1): the part of `vouch verify` that understands the log. It shares no
 * code with what decides and evolves, apart from what an account may bear.
 *
 * One pass; memory for ten million payments is about 500 MB (`payment-audit.ts`).
 */
import {
  decodePersonalParts,
  decodePlacedRow,
  UnknownEncodingError,
  type PersonalParts,
} from '#src/domain/encoding/row-codec.ts';
import { DecodingError } from '#src/domain/encoding/byte-reader.ts';
import type { Account } from '#src/domain/account.ts';
import type { CommandRecord, LedgerEvent, TransferPosted } from '#src/domain/events.ts';
import { isReceivableAccount } from '#src/domain/ledger/system-accounts.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { AccountAudit } from './account-audit.ts';
import { PaymentAudit } from './payment-audit.ts';
import { PersonalAudit } from './personal-audit.ts';
import { SagaAudit } from './saga-audit.ts';
import type { Report } from './report.ts';

export interface LedgerCounts {
  readonly events: number;
  readonly payments: number;
  readonly entries: number;
  /** Personal parts that are gone, as an erasure says. */
  readonly erased: number;
}

export class LedgerAuditor {
  readonly #accounts = new AccountAudit();
  readonly #payments = new PaymentAudit(this.#accounts);
  readonly #saga = new SagaAudit(this.#accounts, this.#payments);
  readonly #personal = new PersonalAudit();
  readonly #onRecord: ((record: CommandRecord) => void) | undefined;
  #inputs = 0;
  #shardTime = 0;
  #events = 0;

  /** `onRecord` sees each record that can be read, in order. */
  constructor(onRecord?: (record: CommandRecord) => void) {
    this.#onRecord = onRecord;
  }

  /** Every account, as the rows that were read leave it. */
  accounts(): Iterable<Readonly<Account>> {
    return this.#accounts.all();
  }

  get counts(): LedgerCounts {
    return {
      events: this.#events,
      payments: this.#payments.count,
      entries: this.#accounts.entries,
      erased: this.#personal.erased,
    };
  }

  /** What is wrong with the row, in words; empty when nothing is. */
  readonly inspect = (row: LogRow): readonly string[] => {
    const details: string[] = [];
    const report: Report = (detail) => details.push(detail);
    try {
      this.#readRow(row, report);
    } catch (error) {
      if (!(error instanceof DecodingError || error instanceof UnknownEncodingError)) throw error;
      report(`the row cannot be read: ${error.message}`);
    }
    return details;
  };

  /** What can only be said once all rows were read. */
  findingsAtEnd(): Iterable<{ readonly position: number; readonly detail: string }> {
    return this.#personal.findings();
  }

  #readRow({ position, body, personal }: LogRow, report: Report): void {
    const parts = decodePersonalParts(personal);
    for (const [index, { record }] of decodePlacedRow(body, { skipsVectors: true }).entries()) {
      this.#readRecord(record, { position, record: index, parts }, report);
    }
  }

  #readRecord(
    record: CommandRecord,
    place: { position: number; record: number; parts: PersonalParts },
    report: Report,
  ): void {
    const { input, shardTime, events } = record;
    if (input !== ++this.#inputs) report(`input ${input} stands where ${this.#inputs} should`);
    this.#inputs = input;
    if (shardTime < this.#shardTime) report(`shard time goes back at input ${input}`);
    this.#shardTime = shardTime;
    for (const event of events) this.#readEvent(event, shardTime, report);
    for (const event of events) {
      const paymentId =
        event.type === 'PaymentReceived' ? event.facts.id : 'paymentId' in event && event.paymentId;
      if (paymentId) this.#payments.checkWaiting(paymentId, report);
    }
    this.#personal.check(record, place, report);
    this.#events += events.length;
    this.#onRecord?.(record);
  }

  #readEvent(event: LedgerEvent, shardTime: number, report: Report): void {
    switch (event.type) {
      case 'AccountOpened':
        return this.#accounts.open(event, shardTime, report);
      case 'AccountFrozen':
        return this.#accounts.freeze(event.account, { direction: event.direction, frozen: true }, report);
      case 'AccountUnfrozen':
        return this.#accounts.freeze(event.account, { direction: event.direction, frozen: false }, report);
      case 'AccountClosed':
        return this.#accounts.close(event.account, report);
      case 'TransferPosted':
        return this.#transfer(event, report);
      case 'SignalRecorded':
        return this.#payments.claim('signal', event.signalId, report);
      case 'LabelRecorded':
        this.#payments.claim('label', event.labelId, report);
        if (event.paymentId !== undefined) this.#payments.known(event.paymentId, report);
        return;
      case 'PersonalDataErased':
        return this.#personal.erase(event.parts);
      default:
        return this.#readPaymentEvent(event, shardTime, report);
    }
  }

  #readPaymentEvent(event: LedgerEvent, shardTime: number, report: Report): void {
    switch (event.type) {
      case 'PaymentReceived':
        return this.#payments.receive(event, report);
      case 'PaymentDecided':
        return this.#payments.decide(event, report);
      case 'PaymentAwaits':
        return this.#payments.await(event, shardTime, report);
      case 'PaymentPosted':
        return this.#payments.post(event, report);
      case 'PaymentCaptured':
        return this.#payments.capture(event, report);
      case 'PaymentReversed':
        return this.#payments.reverse(event, report);
      case 'PaymentExpired':
        return this.#payments.expire(event, shardTime, report);
      case 'PaymentRejected':
        return this.#payments.end(event.paymentId, 'rejected', report);
      case 'PaymentRecorded':
        return this.#payments.end(event.paymentId, 'recorded', report);
      case 'PaymentDenied':
        return this.#payments.end(event.paymentId, 'denied', report);
      case 'PaymentVoided':
        return this.#payments.end(event.paymentId, 'voided', report);
      case 'AuthorizationRecorded':
      case 'ChallengeAnswered':
      case 'ReviewDecided':
        this.#payments.known(event.paymentId, report);
        return;
      default:
        return this.#saga.read(event, report);
    }
  }

  #transfer({ transferId, creditor, transaction }: TransferPosted, report: Report): void {
    this.#payments.claim('transfer', transferId, report);
    this.#accounts.post(transaction, { free: true }, report);
    const [debit, credit] = transaction.postings;
    if (creditor !== undefined && debit) this.#departs(debit.account, report);
    if (!debit || !credit || !isReceivableAccount(credit.account)) return;
    const payer = this.#accounts.find(debit.account, report);
    if (!payer) return;
    const left = payer.receivable - credit.amount;
    payer.receivable = left > 0n ? left : 0n;
  }
  #departs(debtor: string, report: Report): void {
    const account = this.#accounts.find(debtor, report);
    if (account) account.inTransit++;
  }
}
