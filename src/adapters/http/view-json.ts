/**
 * Writes what is read: accounts, entries, transactions, events. Sums that a JSON number would not hold
 * exactly are digits in a string; nothing wraps or rounds.
 */
import type {
  AccountView,
  EntityView,
  EntityWindows,
  EntryView,
  EventView,
  ListEntryView,
  TransactionView,
} from '#src/ports/ledger-views.ts';
import { formatInstant } from '#src/ingest/instant.ts';
import { labelValue } from './payment-json.ts';

/** A number where that is exact, else digits in a string. */
export function exactInteger(value: bigint): number | string {
  const exact = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return exact ? Number(value) : value.toString();
}

export function accountValue(account: AccountView) {
  const { id, asset, overdraft, overdraftLimit } = account;
  return {
    id,
    asset,
    state: accountState(account),
    posted: exactInteger(account.posted),
    heldDebits: exactInteger(account.heldDebits),
    heldCredits: exactInteger(account.heldCredits),
    available: exactInteger(account.available),
    receivable: exactInteger(account.receivable),
    overdraft,
    overdraftLimit: overdraftLimit ?? null,
    openedAt: formatInstant(account.openedAt),
  };
}

function accountState({ status, debitsFrozen, creditsFrozen }: AccountView): string {
  if (status === 'closed') return 'closed';
  if (debitsFrozen && creditsFrozen) return 'frozen';
  if (debitsFrozen) return 'frozen_debits';
  return creditsFrozen ? 'frozen_credits' : 'open';
}

export function entryValue({ at, amount, balance, ...entry }: EntryView) {
  return { ...entry, at: formatInstant(at), amount: exactInteger(amount), balance: exactInteger(balance) };
}

export function transactionValue({ at, postings, ...transaction }: TransactionView) {
  const lines = postings.map((line) => ({
    ...line,
    amount: exactInteger(line.amount),
    balance: exactInteger(line.balance),
  }));
  return { ...transaction, at: formatInstant(at), postings: lines };
}

export function eventValue({ at, event, ...place }: EventView) {
  return { ...place, at: formatInstant(at), event: plainValue(event) };
}

export function listEntryValue({ expiresAt, ...entry }: ListEntryView) {
  return { ...entry, expiresAt: expiresAt === undefined ? null : formatInstant(expiresAt) };
}

export function entityValue(view: EntityView) {
  const { kind, id, payments, firstSeenAt, lastSeenAt, windows, links, labels, listEntries } = view;
  return {
    kind,
    id,
    payments: payments ?? null,
    firstSeenAt: firstSeenAt === undefined ? null : formatInstant(firstSeenAt),
    lastSeenAt: lastSeenAt === undefined ? null : formatInstant(lastSeenAt),
    windowsAsOf: windows ? formatInstant(windows.asOf) : null,
    windows: windows ? windowsValue(windows) : null,
    links,
    labels: labels.map(labelValue),
    listEntries: listEntries.map(listEntryValue),
  };
}

function windowsValue({ counts }: EntityWindows) {
  const written = Object.entries(counts).map(([name, { amounts, ...rest }]) => {
    const sums = Object.entries(amounts).map(([asset, sum]) => [asset, exactInteger(sum)] as const);
    return [name, { ...rest, amounts: Object.fromEntries(sums) }] as const;
  });
  return Object.fromEntries(written);
}

/** Digests and other bytes as hexadecimal, vectors as lists; times inside an event stay milliseconds. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return exactInteger(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (value instanceof Float32Array) return [...value];
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plainValue(inner)]));
}
