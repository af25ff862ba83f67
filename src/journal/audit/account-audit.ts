/**
 * Accounts, followed through the log by their own arithmetic rather than the ledger's: balances as
 * recomputed, holds, and what an account could bear at the time (L1, L2, L4). Accounts are all in
 * memory, about 400 bytes each.
 */
import { canBear, openedAccount, type Account, type Direction } from '#src/domain/account.ts';
import type { AccountOpened, PaymentReceived } from '#src/domain/events.ts';
import { imbalances, type JournalTransaction, type Posting } from '#src/domain/journal-transaction.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import type { Report } from './report.ts';

export interface AuditedAccount extends Account {
  readonly number: number;
}

export interface HeldSides {
  readonly debtor: AuditedAccount;
  /** Undefined when it is in another shard. */
  readonly creditor: AuditedAccount | undefined;
}

export class AccountAudit {
  readonly #byId = new Map<string, AuditedAccount>();
  readonly #byNumber: AuditedAccount[] = [];
  #transactions = 0;
  #entries = 0;

  get entries(): number {
    return this.#entries;
  }

  /** Every account, as it stands. */
  all(): Iterable<Readonly<AuditedAccount>> {
    return this.#byNumber;
  }

  /** By the number that it was given when it was opened. */
  numbered(number: number): AuditedAccount | undefined {
    return this.#byNumber[number];
  }

  find(id: string, report: Report): AuditedAccount | undefined {
    const account = this.#byId.get(id);
    if (!account) report(`account ${id} was never opened`);
    return account;
  }

  open(event: AccountOpened, openedAt: number, report: Report): void {
    const { account: id, asset, overdraft, overdraftLimit, bodyDigest } = event;
    if (this.#byId.has(id)) return report(`account ${id} is opened a second time`);
    const opening = { id, asset, overdraft, overdraftLimit, openedAt, bodyDigest };
    const account = { ...openedAccount(opening), number: this.#byNumber.length };
    this.#byId.set(id, account);
    this.#byNumber.push(account);
  }

  freeze(id: string, { direction, frozen }: { direction: Direction; frozen: boolean }, report: Report): void {
    const account = this.find(id, report);
    if (!account) return;
    if (direction !== 'credits') account.debitsFrozen = frozen;
    if (direction !== 'debits') account.creditsFrozen = frozen;
  }

  close(id: string, report: Report): void {
    const account = this.find(id, report);
    if (!account) return;
    if (account.openHolds > 0) report(`account ${id} is closed with ${account.openHolds} open holds`);
    if (account.inTransit > 0)
      report(`account ${id} is closed with ${account.inTransit} movements on their way`);
    account.status = 'closed';
  }

  /** The sides of a payment whose funds are reserved; what forbids it is reported (L4). */
  hold({ facts, creditorShard }: PaymentReceived, report: Report): HeldSides | undefined {
    const isHere = creditorShard === undefined;
    const debtor = this.find(facts.debtor, report);
    const creditor = isHere ? this.find(facts.creditor, report) : undefined;
    if (!debtor || (isHere && !creditor)) return undefined;
    const amount = BigInt(facts.amount);
    const reserved = `payment ${facts.id} reserves funds`;
    for (const { asset, status, id } of creditor ? [debtor, creditor] : [debtor]) {
      if (asset !== facts.asset) report(`${reserved} of ${facts.asset} on account ${id} in ${asset}`);
      if (status === 'closed') report(`${reserved} on the closed account ${id}`);
    }
    if (debtor.debitsFrozen) report(`${reserved} on account ${debtor.id}, which takes no debits`);
    if (creditor?.creditsFrozen) report(`${reserved} on account ${creditor.id}, which takes no credits`);
    if (debtor.receivable > 0n)
      report(`${reserved} on account ${debtor.id}, which owes ${debtor.receivable}`);
    if (!canBear(debtor, amount)) report(`${reserved} that account ${debtor.id} does not have: ${amount}`);
    debtor.heldDebits += amount;
    debtor.openHolds++;
    if (creditor) {
      creditor.heldCredits += amount;
      creditor.openHolds++;
    }
    return { debtor, creditor };
  }

  release({ debtor, creditor }: HeldSides, part: { amount: number; last: boolean }): void {
    const closed = part.last ? 1 : 0;
    debtor.heldDebits -= BigInt(part.amount);
    debtor.openHolds -= closed;
    if (!creditor) return;
    creditor.heldCredits -= BigInt(part.amount);
    creditor.openHolds -= closed;
  }

  /** `free`: nothing reserved the funds before, so the debited accounts have to bear it now (L4). */
  post(transaction: JournalTransaction, { free }: { readonly free: boolean }, report: Report): void {
    const { id, approval, postings } = transaction;
    if (id !== ++this.#transactions) report(`transaction ${id} stands where ${this.#transactions} should`);
    this.#transactions = id;
    if (approval.ref === '') report(`transaction ${id} names no approval`);
    if (postings.length < 2) report(`transaction ${id} has fewer than two postings`);
    for (const [asset, sum] of imbalances(postings))
      report(`transaction ${id} does not balance: ${sum} ${asset}`);
    for (const posting of postings) this.#postOne(posting, { id, free }, report);
    this.#entries += postings.length;
  }

  #postOne(posting: Posting, { id, free }: { id: number; free: boolean }, report: Report): void {
    const account = this.find(posting.account, report);
    if (!account) return;
    const name = `transaction ${id}, account ${account.id}`;
    if (account.asset !== posting.asset)
      report(`${name}: a posting in ${posting.asset}, kept in ${account.asset}`);
    if (free && posting.amount < 0n && !isReserved(account.id) && !canBear(account, -posting.amount))
      report(`${name}: it cannot bear ${-posting.amount}`);
    account.posted += posting.amount;
    if (account.posted === posting.balance) return;
    report(`${name}: the balance is ${account.posted}, the entry says ${posting.balance}`);
    account.posted = posting.balance;
  }
}
