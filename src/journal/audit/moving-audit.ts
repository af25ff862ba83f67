/**
 * Money of payments that another shard has not answered for, on either way: what is in transit to a
 * creditor, and what is asked back. Only what is open is kept.
 */
import type { AuditedAccount } from './account-audit.ts';
import type { Report } from './report.ts';

interface AskedBack {
  amount: number;
  isSent: boolean;
}

interface Moving {
  readonly debtor: AuditedAccount;
  inTransit: number;
  readonly reversals: Map<string, AskedBack>;
}

/** A payment by its number, and its debtor. */
export interface AuditedPayment {
  readonly number: number;
  readonly debtor: AuditedAccount;
}

export class MovingAudit {
  readonly #byPayment = new Map<number, Moving>();

  depart(payment: AuditedPayment, amount: number): void {
    const moving = this.#open(payment);
    moving.inTransit += amount;
    moving.debtor.inTransit++;
  }

  /** The creditor has it, or it has come back. */
  arrive(number: number, amount: number, report: Report): void {
    const moving = this.#byPayment.get(number);
    if (!moving || moving.inTransit < amount)
      return report(`${amount} arrives, and ${moving?.inTransit ?? 0} is in transit`);
    moving.inTransit -= amount;
    moving.debtor.inTransit--;
    this.#forget(number, moving);
  }

  /** Reserved, and not asked for yet. */
  request(payment: AuditedPayment, reversal: { id: string; amount: number }, report: Report): void {
    const { reversals, debtor } = this.#open(payment);
    if (reversals.has(reversal.id)) return report(`reversal ${reversal.id} is requested twice`);
    reversals.set(reversal.id, { amount: reversal.amount, isSent: false });
    debtor.inTransit++;
  }

  send(number: number, { id, amount }: { id: string; amount: number }, report: Report): void {
    const asked = this.#byPayment.get(number)?.reversals.get(id);
    if (!asked || asked.isSent) return report(`reversal ${id} is sent and does not wait for it`);
    if (amount > asked.amount) report(`reversal ${id} asks for ${amount}, and ${asked.amount} is reserved`);
    asked.amount = amount;
    asked.isSent = true;
  }

  /** `came` is what has come back; undefined when it was refused. */
  end(number: number, { id, came }: { id: string; came?: number }, report: Report): void {
    const moving = this.#byPayment.get(number);
    const asked = moving?.reversals.get(id);
    if (!moving || !asked) return report(`reversal ${id} ends and was not requested`);
    if (came !== undefined && (!asked.isSent || came !== asked.amount))
      report(`reversal ${id} brings ${came}, and ${asked.isSent ? asked.amount : 'nothing'} was asked for`);
    moving.reversals.delete(id);
    moving.debtor.inTransit--;
    this.#forget(number, moving);
  }

  /** What is asked back of it. */
  askedBack(number: number): number {
    let sum = 0;
    for (const { amount } of this.#byPayment.get(number)?.reversals.values() ?? []) sum += amount;
    return sum;
  }

  #open({ number, debtor }: AuditedPayment): Moving {
    const moving = this.#byPayment.get(number) ?? { debtor, inTransit: 0, reversals: new Map() };
    this.#byPayment.set(number, moving);
    return moving;
  }

  #forget(number: number, { inTransit, reversals }: Moving): void {
    if (inTransit === 0 && reversals.size === 0) this.#byPayment.delete(number);
  }
}
