/**
 * What one shard's log says of its dealings with others, checked against itself: messages numbered
 * without gaps, money in transit and asked back accounted for, each id of the directory once. Whether
 * the others say the same is `cluster-audit.ts`'s.
 */
import type { LedgerEvent } from '#src/domain/events.ts';
import type { AccountAudit } from './account-audit.ts';
import { checkGeneration } from './generation-audit.ts';
import type { PaymentAudit } from './payment-audit.ts';
import type { Report } from './report.ts';

export class SagaAudit {
  readonly #accounts: AccountAudit;
  readonly #payments: PaymentAudit;
  readonly #sent: number[] = [];
  readonly #received: number[] = [];

  constructor(accounts: AccountAudit, payments: PaymentAudit) {
    this.#accounts = accounts;
    this.#payments = payments;
  }

  read(event: LedgerEvent, report: Report): void {
    switch (event.type) {
      case 'MessageSent':
        return count(this.#sent, { shard: event.target, sequence: event.sequence, way: 'to' }, report);
      case 'MessageReceived':
        return count(this.#received, { shard: event.source, sequence: event.sequence, way: 'from' }, report);
      case 'TransferSettled':
        return this.#transferEnds(event.debtor, report);
      case 'TransferReturned':
        this.#transferEnds(event.debtor, report);
        return this.#accounts.post(event.transaction, { free: false }, report);
      case 'CreditPosted':
        return this.#accounts.post(event.transaction, { free: false }, report);
      case 'DebitPosted':
        return this.#debit(event, report);
      case 'GenerationBegan':
        return checkGeneration(event, this.#accounts, report);
      case 'PaymentRegistered':
        return this.#payments.claim('home', event.paymentId, report);
      default:
        return this.#readPayment(event, report);
    }
  }

  #readPayment(event: LedgerEvent, report: Report): void {
    switch (event.type) {
      case 'PaymentSettled':
        return this.#payments.settle(event, report);
      case 'PaymentReturned':
        return this.#payments.takeReturn(event, report);
      case 'ReversalRequested':
        return this.#payments.askBack(event, report);
      case 'ReversalSent':
        return this.#payments.sendReversal(event, report);
      case 'ReversalRefused':
        return this.#payments.refuseReversal(event, report);
      case 'PaymentIdConflict':
        this.#payments.known(event.paymentId, report);
        return;
      default:
        return;
    }
  }

  #transferEnds(debtor: string, report: Report): void {
    const account = this.#accounts.find(debtor, report);
    if (!account) return;
    if (account.inTransit === 0) report(`a transfer of ${debtor} arrives, and nothing is in transit`);
    else account.inTransit--;
  }

  #debit(event: LedgerEvent & { type: 'DebitPosted' }, report: Report): void {
    const { creditor, receivable, transaction } = event;
    this.#accounts.post(transaction, { free: transaction.approval.kind === 'operator' }, report);
    const account = this.#accounts.find(creditor, report);
    if (account) account.receivable += BigInt(receivable);
  }
}

function count(
  last: number[],
  { shard, sequence, way }: { shard: number; sequence: number; way: 'to' | 'from' },
  report: Report,
): void {
  const expected = (last[shard] ?? 0) + 1;
  if (sequence !== expected)
    report(`message ${sequence} ${way} shard ${shard} stands where ${expected} should`);
  last[shard] = sequence;
}
