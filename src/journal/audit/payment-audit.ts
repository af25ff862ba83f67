/**
 * Payments, followed from their reception to their one end (L5) and every id used once (L6). Pending
 * payments are objects; of each that has ended 13 bytes stay, because money can still be taken back.
 */
import type {
  PaymentAwaits,
  PaymentCaptured,
  PaymentDecided,
  PaymentExpired,
  PaymentPosted,
  PaymentReceived,
  PaymentReversed,
} from '#src/domain/events.ts';
import type { JournalTransaction } from '#src/domain/journal-transaction.ts';
import { PAYMENT_STATUSES, type PaymentStatus } from '#src/domain/ledger/payment-state.ts';
import type { AccountAudit, HeldSides } from './account-audit.ts';
import { IdTable } from './id-table.ts';
import { NumberColumn } from './number-column.ts';
import type { Report } from './report.ts';

/** Ids of different kinds may be equal. */
export const ID_KINDS = { payment: 0, capture: 1, reversal: 2, transfer: 3, signal: 4, label: 5 } as const;

interface PendingPayment {
  readonly number: number;
  readonly amount: number;
  readonly verification: boolean;
  /** Undefined when nothing is reserved. */
  readonly sides: HeldSides | undefined;
  captured: number;
  decisions: number;
  until: number | undefined;
}

export class PaymentAudit {
  readonly #accounts: AccountAudit;
  readonly #ids = new IdTable();
  readonly #pending = new Map<string, PendingPayment>();
  readonly #statuses = new NumberColumn((length) => new Uint8Array(length));
  readonly #captured = new NumberColumn((length) => new Float64Array(length));
  /** Of those that have any. */
  readonly #reversed = new Map<number, number>();
  readonly #creditors = new NumberColumn((length) => new Uint32Array(length));
  #count = 0;
  #holds = 0;

  constructor(accounts: AccountAudit) {
    this.#accounts = accounts;
  }

  get count(): number {
    return this.#count;
  }

  /** Reports an id that was used before. */
  claim(kind: keyof typeof ID_KINDS, id: string, report: Report): void {
    if (!this.#ids.add(ID_KINDS[kind], id, 0)) report(`the ${kind} id ${id} is used twice`);
  }

  receive(event: PaymentReceived, report: Report): void {
    const { facts, hold } = event;
    if (!this.#ids.add(ID_KINDS.payment, facts.id, this.#count))
      return report(`payment ${facts.id} is received twice`);
    if (hold !== undefined && hold !== ++this.#holds)
      report(`hold ${hold} stands where ${this.#holds} should`);
    const sides = hold === undefined ? undefined : this.#accounts.hold(event, report);
    this.#pending.set(facts.id, {
      number: this.#count,
      amount: facts.amount,
      verification: facts.channel === 'verification',
      sides,
      captured: 0,
      decisions: 0,
      until: undefined,
    });
    if (sides) this.#creditors.set(this.#count, sides.creditor.number);
    this.#count++;
  }

  decide({ paymentId, decision }: PaymentDecided, report: Report): void {
    const payment = this.#pendingOf(paymentId, report);
    if (payment && decision.number !== ++payment.decisions)
      report(`payment ${paymentId}: decision ${decision.number} stands where ${payment.decisions} should`);
  }

  await({ paymentId, until }: PaymentAwaits, shardTime: number, report: Report): void {
    const payment = this.#pendingOf(paymentId, report);
    if (!payment) return;
    if (until < shardTime) report(`payment ${paymentId} awaits something until a time that has passed`);
    payment.until = until;
  }

  post({ paymentId, transaction }: PaymentPosted, report: Report): void {
    const payment = this.#pendingOf(paymentId, report);
    if (!payment) return;
    this.#checkMoved(paymentId, { transaction, amount: payment.amount - payment.captured }, report);
    this.#end(paymentId, { status: 'posted', captured: payment.amount }, report);
    this.#accounts.post(transaction, { free: false }, report);
  }

  capture(event: PaymentCaptured, report: Report): void {
    const { paymentId, captureId, amount, final, transaction } = event;
    this.claim('capture', `${paymentId}/${captureId}`, report);
    const payment = this.#pendingOf(paymentId, report);
    if (!payment) return;
    const captured = payment.captured + amount;
    if (captured > payment.amount)
      report(`payment ${paymentId}: ${captured} of ${payment.amount} is captured`);
    this.#checkMoved(paymentId, { transaction, amount }, report);
    if (final) this.#end(paymentId, { status: 'posted', captured }, report);
    else if (payment.sides) this.#accounts.release(payment.sides, { amount, last: false });
    payment.captured = captured;
    this.#accounts.post(transaction, { free: false }, report);
  }

  expire({ paymentId }: PaymentExpired, shardTime: number, report: Report): void {
    const until = this.#pending.get(paymentId)?.until;
    if (until !== undefined && until > shardTime) report(`payment ${paymentId} expires before its time`);
    this.end(paymentId, 'expired', report);
  }

  /** An end that moves nothing; what was captured before stays posted. */
  end(paymentId: string, status: PaymentStatus, report: Report): void {
    const captured = this.#pending.get(paymentId)?.captured ?? 0;
    this.#end(paymentId, { status: captured > 0 ? 'posted' : status, captured }, report);
  }

  reverse(event: PaymentReversed, report: Report): void {
    const { paymentId, reversalId, kind, amount, receivable, transaction } = event;
    this.claim('reversal', `${paymentId}/${reversalId}`, report);
    const number = this.known(paymentId, report);
    if (number === undefined) return;
    const captured = this.#pending.get(paymentId)?.captured ?? this.#captured.get(number);
    const reversed = (this.#reversed.get(number) ?? 0) + amount;
    if (reversed > captured) report(`payment ${paymentId}: ${reversed} of ${captured} went back`);
    this.#reversed.set(number, reversed);
    this.#checkMoved(paymentId, { transaction, amount }, report);
    this.#accounts.post(transaction, { free: kind === 'refund' || kind === 'correction' }, report);
    const creditor = this.#accounts.numbered(this.#creditors.get(number));
    if (creditor) creditor.receivable += BigInt(receivable);
  }

  /** The number of a payment that was received; any other is reported. */
  known(paymentId: string, report: Report): number | undefined {
    const number = this.#ids.get(ID_KINDS.payment, paymentId);
    if (number === undefined) report(`payment ${paymentId} was never received`);
    return number;
  }

  /** Once a record is over, what is pending has to say until when (L5). */
  checkWaiting(paymentId: string, report: Report): void {
    const payment = this.#pending.get(paymentId);
    if (payment && payment.until === undefined)
      report(`payment ${paymentId} waits for nothing, without an end`);
  }

  #pendingOf(paymentId: string, report: Report): PendingPayment | undefined {
    const payment = this.#pending.get(paymentId);
    if (payment) return payment;
    const number = this.known(paymentId, report);
    if (number === undefined) return undefined;
    report(`payment ${paymentId} has ended already: ${PAYMENT_STATUSES[this.#statuses.get(number)] ?? ''}`);
    return undefined;
  }

  #end(paymentId: string, end: { status: PaymentStatus; captured: number }, report: Report): void {
    const payment = this.#pendingOf(paymentId, report);
    if (!payment) return;
    const { number, amount, captured, sides, verification } = payment;
    if (sides) this.#accounts.release(sides, { amount: amount - captured, last: true });
    if (end.status === 'recorded' && !verification)
      report(`payment ${paymentId} is recorded and no verification`);
    this.#statuses.set(number, PAYMENT_STATUSES.indexOf(end.status));
    this.#captured.set(number, end.captured);
    this.#pending.delete(paymentId);
  }

  #checkMoved(
    paymentId: string,
    { transaction, amount }: { transaction: JournalTransaction; amount: number },
    report: Report,
  ): void {
    let moved = 0n;
    for (const posting of transaction.postings) if (posting.amount > 0n) moved += posting.amount;
    if (moved !== BigInt(amount))
      report(`payment ${paymentId}: transaction ${transaction.id} moves ${moved}, not ${amount}`);
  }
}
