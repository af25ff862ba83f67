/**
 * What a careful client knows of its payments: which ones were acknowledged and with what, which ones it
 * sent without getting an answer. Independent of the product: sums and counts made from answers alone.
 */
import type { JsonAnswer } from '#test/support/crash/json-client.ts';

export interface SentPayment {
  readonly id: string;
  readonly occurredAt: string;
  readonly amount: number;
  readonly asset: 'EUR';
  readonly debtor: string;
  readonly creditor: string;
  readonly card: { readonly id: string };
  readonly ip: string;
}

/** What may never be another thing once it was answered. Without an outcome the decision is not known. */
export interface Acknowledged {
  readonly payment: SentPayment;
  readonly status: string;
  readonly score: unknown;
  readonly outcome: unknown;
}

const ENDED: ReadonlySet<string> = new Set(['posted', 'denied', 'voided', 'expired', 'recorded', 'rejected']);

export function acknowledgedBy(payment: SentPayment, { body }: JsonAnswer): Acknowledged {
  const decision = (body['decision'] ?? {}) as Readonly<Record<string, unknown>>;
  return { payment, status: String(body['status']), score: decision['score'], outcome: decision['outcome'] };
}

/** Words for what a later answer says differently; one that waited may have been decided again, or ended, meanwhile. */
export function contradictions(before: Acknowledged, later: JsonAnswer): readonly string[] {
  const { id } = before.payment;
  if (later.status !== 200) return [`${id}: answered ${later.status} after it was acknowledged`];
  const after = acknowledgedBy(before.payment, later);
  const found: string[] = [];
  if (later.body['amount'] !== before.payment.amount) found.push(`${id}: another amount`);
  if (!ENDED.has(before.status)) return found;
  if (after.status !== before.status) found.push(`${id}: ${before.status}, then ${after.status}`);
  if (before.outcome === undefined) return found;
  if (after.score !== before.score)
    found.push(`${id}: score ${String(before.score)}, then ${String(after.score)}`);
  if (after.outcome !== before.outcome)
    found.push(`${id}: ${JSON.stringify(before.outcome)}, then ${JSON.stringify(after.outcome)}`);
  return found;
}

export interface ExpectedAccount {
  posted: number;
  entries: number;
}

/** Balances and numbers of entries that follow from the payments that were posted. */
export function expectedAccounts(payments: Iterable<Acknowledged>): ReadonlyMap<string, ExpectedAccount> {
  const accounts = new Map<string, ExpectedAccount>();
  const add = (account: string, amount: number) => {
    const expected = accounts.get(account) ?? { posted: 0, entries: 0 };
    expected.posted += amount;
    expected.entries += 1;
    accounts.set(account, expected);
  };
  for (const { payment, status } of payments) {
    if (status !== 'posted') continue;
    add(payment.debtor, -payment.amount);
    add(payment.creditor, payment.amount);
  }
  return accounts;
}
