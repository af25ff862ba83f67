/** An account now, as it was, and its entries. Entries stand in the log with their running balance. */
import { availableBalance, type Account } from '#src/domain/account.ts';
import type { AccountRead, Page, PageOptions } from '#src/ports/ledger-queries.ts';
import type { AccountView, EntryView } from '#src/ports/ledger-views.ts';
import type { FoundRecord } from '#src/projections/log-records.ts';
import { sourceOf, transactionOf } from '#src/projections/record-terms.ts';
import { cursorOf, readCursor, type Reading } from './reading.ts';

const CURSOR = 'entries';

export async function readAccount(
  reading: Reading,
  id: string,
  { at }: Pick<AccountRead, 'at'>,
): Promise<AccountView | undefined> {
  const row = reading.projection.fold.account(id);
  if (!row) return undefined;
  if (at === undefined) return accountView(row.account);
  const input = reading.projection.index.lastInputAt(at);
  const standing = reading.projection.fold.standingAt(id, input);
  if (!standing) return undefined;
  return accountView({ ...row.account, ...standing, posted: await postedAt(reading, id, input) });
}

/** The balance after the last entry that is not behind the input. */
async function postedAt(reading: Reading, id: string, input: number): Promise<bigint> {
  for (const candidate of reading.projection.index.newestWith('postings', id, input)) {
    const entry = entriesIn(await recordOf(reading, candidate), id).at(-1);
    if (entry) return entry.balance;
  }
  return 0n;
}

function accountView(account: Account): AccountView {
  const { id, asset, status, debitsFrozen, creditsFrozen, overdraft, overdraftLimit, openedAt } = account;
  const { posted, heldDebits, heldCredits, receivable } = account;
  return {
    id,
    asset,
    status,
    debitsFrozen,
    creditsFrozen,
    overdraft,
    ...(overdraftLimit === undefined ? {} : { overdraftLimit }),
    openedAt,
    posted,
    heldDebits,
    heldCredits,
    available: availableBalance(account),
    receivable,
  };
}

export async function readEntries(
  reading: Reading,
  id: string,
  { after, limit }: PageOptions,
): Promise<Page<EntryView> | undefined> {
  const { fold, index } = reading.projection;
  const [last = 0] = readCursor(after, CURSOR, [0]);
  if (!fold.account(id)) return undefined;
  const items: EntryView[] = [];
  for (const input of index.oldestWith('postings', id, last + 1)) {
    items.push(...entriesIn(await recordOf(reading, input), id));
    if (items.length >= limit) return { items, next: cursorOf(CURSOR, input) };
  }
  return { items };
}

function recordOf({ projection, records }: Reading, input: number): Promise<FoundRecord> {
  return records.at(projection.index.placeOf(input));
}

/** A command posts one transaction at most, and an account stands in it once. */
function entriesIn({ record, place }: FoundRecord, id: string): EntryView[] {
  const entries: EntryView[] = [];
  for (const event of record.events) {
    const transaction = transactionOf(event);
    if (!transaction) continue;
    const { id: number, approval } = transaction;
    for (const { account, asset, amount, balance } of transaction.postings) {
      if (account !== id) continue;
      entries.push({
        transaction: number,
        at: place.at,
        asset,
        amount,
        balance,
        approval,
        ...sourceOf(event),
      });
    }
  }
  return entries;
}
