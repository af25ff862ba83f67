/**
 * Payments, followed from their reception to their one end (L5) and every id used once (L6). Pending
 * payments are objects; of each that has ended 17 bytes stay, because money can still be taken back.
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
import type {
  PaymentReturned,
  PaymentSettled,
  ReversalRefused,
  ReversalRequested,
  ReversalSent,
} from '#src/domain/saga-events.ts';
import type { AccountAudit, HeldSides } from './account-audit.ts';
import { IdTable } from './id-table.ts';
import { MovingAudit } from './moving-audit.ts';
import { NumberColumn } from './number-column.ts';
import type { Report } from './report.ts';

/** Ids of different kinds may be equal. */
export const ID_KINDS = {
  payment: 0,
  capture: 1,
  reversal: 2,
  transfer: 3,
  signal: 4,
  label: 5,
  home: 6,
} as const;

function aboutPayment(paymentId: string, report: Report): Report {
  return (detail) => report(`payment ${paymentId}: ${detail}`);
}

interface KnownPayment {
  readonly paymentId: string;
  readonly number: number;
}

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
  /** Numbers of accounts, and one more: 0 where the creditor is in another shard. */
  readonly #creditors = new NumberColumn((length) => new Uint32Array(length));
  readonly #debtors = new NumberColumn((length) => new Uint32Array(length));
  readonly #moving = new MovingAudit();
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
    if (sides) this.#debtors.set(this.#count, sides.debtor.number);
    if (sides?.creditor) this.#creditors.set(this.#count, sides.creditor.number + 1);
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
    this.#depart(payment, payment.amount);
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
    this.#depart(payment, amount);
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
    const { paymentId, reversalId, amount, receivable, transaction } = event;
    this.claim('reversal', `${paymentId}/${reversalId}`, report);
    const number = this.known(paymentId, report);
    if (number === undefined) return;
    const isHere = this.#creditors.get(number) > 0;
    if (!isHere) this.#moving.end(number, { id: reversalId, came: amount }, aboutPayment(paymentId, report));
    this.#goBack({ paymentId, number }, amount, report);
    this.#checkMoved(paymentId, { transaction, amount }, report);
    this.#accounts.post(transaction, { free: isHere && transaction.approval.kind === 'operator' }, report);
    const creditor = isHere ? this.#accounts.numbered(this.#creditors.get(number) - 1) : undefined;
    if (creditor) creditor.receivable += BigInt(receivable);
  }

  settle({ paymentId, amount }: PaymentSettled, report: Report): void {
    const number = this.known(paymentId, report);
    if (number !== undefined) this.#moving.arrive(number, amount, aboutPayment(paymentId, report));
  }

  takeReturn({ paymentId, amount, transaction }: PaymentReturned, report: Report): void {
    const number = this.known(paymentId, report);
    if (number === undefined) return;
    this.#moving.arrive(number, amount, aboutPayment(paymentId, report));
    this.#goBack({ paymentId, number }, amount, report);
    this.#checkMoved(paymentId, { transaction, amount }, report);
    this.#accounts.post(transaction, { free: false }, report);
  }

  askBack({ paymentId, reversalId: id, amount }: ReversalRequested, report: Report): void {
    const number = this.known(paymentId, report);
    const debtor = number === undefined ? undefined : this.#accounts.numbered(this.#debtors.get(number));
    if (number === undefined || !debtor) return;
    this.#moving.request({ number, debtor }, { id, amount }, aboutPayment(paymentId, report));
    const captured = this.#capturedOf({ paymentId, number });
    const asked = (this.#reversed.get(number) ?? 0) + this.#moving.askedBack(number);
    if (asked > captured) report(`payment ${paymentId}: ${asked} of ${captured} are asked back`);
  }

  sendReversal({ paymentId, reversalId: id, amount }: ReversalSent, report: Report): void {
    const number = this.known(paymentId, report);
    if (number !== undefined) this.#moving.send(number, { id, amount }, aboutPayment(paymentId, report));
  }

  refuseReversal({ paymentId, reversalId: id }: ReversalRefused, report: Report): void {
    const number = this.known(paymentId, report);
    if (number !== undefined) this.#moving.end(number, { id }, aboutPayment(paymentId, report));
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

  /** So much more of the payment is back with its debtor: never more than was captured. */
  #goBack({ paymentId, number }: KnownPayment, amount: number, report: Report): void {
    const captured = this.#capturedOf({ paymentId, number });
    const back = (this.#reversed.get(number) ?? 0) + amount;
    if (back > captured) report(`payment ${paymentId}: ${back} of ${captured} went back`);
    this.#reversed.set(number, back);
  }

  #capturedOf({ paymentId, number }: KnownPayment): number {
    return this.#pending.get(paymentId)?.captured ?? this.#captured.get(number);
  }

  #depart({ number, sides }: PendingPayment, amount: number): void {
    if (sides && !sides.creditor) this.#moving.depart({ number, debtor: sides.debtor }, amount);
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
