/**
 * The ledger's rules once more, as plainly as they can be said and without a line of the product:
 * balances in a map, one function for each command. Random histories of both must agree.
 */
export interface ReferenceAccount {
  limit: bigint | undefined;
  posted: bigint;
  heldDebits: bigint;
  heldCredits: bigint;
  frozen: boolean;
  closed: boolean;
  owes: bigint;
}

export interface ReferencePayment {
  debtor: string;
  creditor: string;
  amount: bigint;
  manual: boolean;
  status: string;
  awaiting: string | undefined;
  held: bigint;
  captured: bigint;
  reversed: bigint;
}

export class ReferenceLedger {
  readonly accounts = new Map<string, ReferenceAccount>();
  readonly payments = new Map<string, ReferencePayment>();

  /** `limit`: how far below zero; undefined without end. */
  open(id: string, limit: bigint | undefined): void {
    const empty = { posted: 0n, heldDebits: 0n, heldCredits: 0n, frozen: false, closed: false, owes: 0n };
    if (!this.accounts.has(id)) this.accounts.set(id, { limit, ...empty });
  }

  freeze(id: string, frozen: boolean): void {
    const account = this.accounts.get(id);
    if (account && !account.closed) account.frozen = frozen;
  }

  close(id: string): void {
    const account = this.accounts.get(id);
    const holds = [...this.payments.values()].some(
      (payment) => payment.status === 'pending' && (payment.debtor === id || payment.creditor === id),
    );
    if (account && !holds) account.closed = true;
  }

  transfer(from: string, to: string, amount: bigint): void {
    const [debtor, creditor] = [this.accounts.get(from), this.accounts.get(to)];
    if (!debtor || !creditor || debtor.closed || creditor.closed || debtor.frozen || creditor.frozen) return;
    if (!this.#bears(debtor, amount)) return;
    debtor.posted -= amount;
    creditor.posted += amount;
  }

  pay(id: string, order: { debtor: string; creditor: string; amount: bigint; manual: boolean }): void {
    if (this.payments.has(id)) return;
    const payment: ReferencePayment = {
      ...order,
      status: 'pending',
      awaiting: undefined,
      held: 0n,
      captured: 0n,
      reversed: 0n,
    };
    this.payments.set(id, payment);
    if (!this.#admits(payment)) {
      payment.status = 'rejected';
      return;
    }
    this.#hold(payment, payment.amount);
    const last = payment.amount % 10n;
    if (last === 9n) this.#end(payment, 'denied');
    else if (last === 8n) payment.awaiting = 'review';
    else if (last === 7n) payment.awaiting = 'challenge';
    else this.#approve(payment);
  }

  capture(id: string, amount: bigint, final: boolean): void {
    const payment = this.payments.get(id);
    if (payment?.awaiting !== 'capture' || amount > payment.held) return;
    this.#hold(payment, -amount);
    this.#move(payment.debtor, payment.creditor, amount);
    payment.captured += amount;
    if (final || payment.held === 0n) this.#end(payment, 'posted');
  }

  void(id: string): void {
    const payment = this.payments.get(id);
    if (payment?.status === 'pending') this.#end(payment, payment.captured > 0n ? 'posted' : 'voided');
  }

  review(id: string, approve: boolean): void {
    const payment = this.payments.get(id);
    if (payment?.awaiting !== 'review') return;
    if (approve) this.#approve(payment);
    else this.#end(payment, 'denied');
  }

  refund(id: string, amount: bigint): void {
    const payment = this.payments.get(id);
    if (!payment || amount > payment.captured - payment.reversed || payment.captured === 0n) return;
    const [payer, payee] = [this.#get(payment.creditor), this.#get(payment.debtor)];
    if (payer.closed || payee.closed || payer.frozen || payee.frozen || !this.#bears(payer, amount)) return;
    this.#move(payment.creditor, payment.debtor, amount);
    payment.reversed += amount;
  }

  chargeback(id: string, amount: bigint): void {
    const payment = this.payments.get(id);
    if (!payment || amount > payment.captured - payment.reversed || payment.captured === 0n) return;
    const payer = this.#get(payment.creditor);
    const payee = this.#get(payment.debtor);
    const room = payer.limit === undefined ? amount : payer.posted - payer.heldDebits + payer.limit;
    const borne = room < 0n ? 0n : room < amount ? room : amount;
    payer.posted -= borne;
    if (borne < amount) {
      this.open('vouch:receivable:EUR', undefined);
      this.#get('vouch:receivable:EUR').posted -= amount - borne;
      payer.owes += amount - borne;
    }
    if (payee.closed || payee.frozen) this.open('vouch:suspense:EUR', undefined);
    this.#get(payee.closed || payee.frozen ? 'vouch:suspense:EUR' : payment.debtor).posted += amount;
    payment.reversed += amount;
  }

  #admits({ debtor, creditor, amount }: ReferencePayment): boolean {
    const [from, to] = [this.accounts.get(debtor), this.accounts.get(creditor)];
    if (!from || !to || from.closed || to.closed || from.frozen || to.frozen || from.owes > 0n) return false;
    return this.#bears(from, amount);
  }

  #approve(payment: ReferencePayment): void {
    payment.awaiting = payment.manual ? 'capture' : undefined;
    if (payment.manual) return;
    this.#move(payment.debtor, payment.creditor, payment.amount);
    payment.captured = payment.amount;
    this.#end(payment, 'posted');
  }

  #end(payment: ReferencePayment, status: string): void {
    this.#hold(payment, -payment.held);
    payment.status = status;
    payment.awaiting = undefined;
  }

  #hold(payment: ReferencePayment, amount: bigint): void {
    payment.held += amount;
    this.#get(payment.debtor).heldDebits += amount;
    this.#get(payment.creditor).heldCredits += amount;
  }

  #move(from: string, to: string, amount: bigint): void {
    this.#get(from).posted -= amount;
    this.#get(to).posted += amount;
  }

  #bears(account: ReferenceAccount, amount: bigint): boolean {
    return account.limit === undefined || account.posted - account.heldDebits - amount >= -account.limit;
  }

  #get(id: string): ReferenceAccount {
    const account = this.accounts.get(id);
    if (!account) throw new Error(`no account ${id}`);
    return account;
  }
}
