/**
 * Searches payments, newest first by the order in which they were received.
 *
 * Each segment is asked for the records of every term, and only those with all of them are read. What
 * was read is compared with the search once more, because the index knows terms only by their hashes.
 */
import type { CursorPage, PaymentSearch } from '#src/ports/ledger-queries.ts';
import type { PaymentView } from '#src/ports/ledger-views.ts';
import { matchingCodes } from '#src/projections/payment-code.ts';
import { referencesOf } from '#src/projections/record-terms.ts';
import type { Segment, TermHash } from '#src/projections/segment.ts';
import type { TermKind } from '#src/projections/term-hasher.ts';
import { findPayment, listedPayment, type FoundPayment } from './payment-view.ts';
import { cursorOf, readCursor, type Reading } from './reading.ts';

const CURSOR = 'payments';
const SEARCH_TERMS = [
  'account',
  'creditor',
  'card',
  'device',
  'ip',
  'reference',
  'group',
] as const satisfies TermKind[];

export async function searchPayments(
  reading: Reading,
  search: PaymentSearch,
): Promise<CursorPage<PaymentView>> {
  const [before = Infinity] = readCursor(search.after, CURSOR, [Infinity]);
  const items: PaymentView[] = [];
  const cursors: string[] = [];
  for (const input of candidates(reading, search, before)) {
    const payment = await findPayment(reading, input);
    if (!payment || !isMatch(payment, search)) continue;
    items.push(await listedPayment(reading, payment));
    const cursor = cursorOf(CURSOR, input);
    cursors.push(cursor);
    if (items.length === search.limit) return { items, cursors, next: cursor };
  }
  return { items, cursors };
}

/** Inputs below `before` that the index finds, newest first. */
function* candidates({ projection }: Reading, search: PaymentSearch, before: number): Generator<number> {
  const { index } = projection;
  const codes = matchingCodes(search.status, search.outcome);
  const terms = SEARCH_TERMS.flatMap((kind) => {
    const value = search[kind];
    return value === undefined ? [] : [index.hash(kind, value)];
  });
  for (const segment of index.segments.toReversed()) {
    const { firstInput } = segment.range;
    if (firstInput >= before || !mayMatch(segment, search, codes)) continue;
    for (const slot of matchingSlots(segment, terms, codes)) {
      if (firstInput + slot < before) yield firstInput + slot;
    }
  }
}

function mayMatch(segment: Segment, { from, to }: PaymentSearch, codes: Uint8Array): boolean {
  const { firstOccurredAt, lastOccurredAt } = segment.range;
  if (from !== undefined && lastOccurredAt < from) return false;
  if (to !== undefined && firstOccurredAt >= to) return false;
  return segment.mayHaveCode(codes);
}

function matchingSlots(segment: Segment, terms: readonly TermHash[], matching: Uint8Array): number[] {
  const codes = segment.codes();
  const [first, ...others] = terms.map((term) => segment.slotsOf(term));
  const slots = first ?? Array.from(codes.keys());
  const sets = others.map((other) => new Set(other));
  return slots
    .filter((slot) => matching[codes[slot] ?? 0] === 1 && sets.every((set) => set.has(slot)))
    .toReversed();
}

function isMatch(payment: FoundPayment, search: PaymentSearch): boolean {
  const { facts } = payment.received;
  const { state } = payment.row;
  const { from = -Infinity, to = Infinity } = search;
  const personal = payment.found.personal?.payment;
  return (
    facts.occurredAt >= from &&
    facts.occurredAt < to &&
    isSought(search.status, state.status) &&
    isSought(search.outcome, state.outcome) &&
    isSought(search.account, facts.debtor) &&
    isSought(search.creditor, facts.creditor) &&
    isSought(search.group, facts.group) &&
    isSought(search.card, personal?.cardId) &&
    isSought(search.device, personal?.device?.id) &&
    isSought(search.ip, personal?.ip) &&
    (search.reference === undefined || referencesOf(facts).includes(search.reference))
  );
}

function isSought(sought: string | undefined, value: string | undefined): boolean {
  return sought === undefined || sought === value;
}
