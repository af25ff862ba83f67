/** The rules that concern two fields of one body; they are told of what was sent, valid or not. */
import { canonicalListValue, LIST_KINDS, LIST_NAMES, listKindProblem } from '#src/domain/list-entry.ts';
import type { ListKind, ListName } from '#src/domain/list-entry.ts';
import type { CrossCheck } from './body-reader.ts';
import type { InputProblem } from './list-problems.ts';

const NOTHING: readonly InputProblem[] = [];

const NOT_THE_DEBTOR: readonly InputProblem[] = [{ path: 'creditor', message: 'must not be the debtor' }];

export const differentParties: CrossCheck = ({ debtor, creditor }) =>
  typeof debtor === 'string' && debtor === creditor ? NOT_THE_DEBTOR : NOTHING;

const NOT_ZERO: readonly InputProblem[] = [
  { path: 'amount', message: 'must be at least 1; 0 is only for channel "verification"' },
];

/** Only a verification moves nothing. */
export const paymentCheck: CrossCheck = (body) => {
  const parties = differentParties(body);
  const zero = typeof body['amount'] === 'number' ? body['amount'] === 0 : isZeroText(body['amount']);
  if (!zero || body['channel'] === 'verification') return parties;
  return [...parties, ...NOT_ZERO];
};

function isZeroText(amount: unknown): boolean {
  return typeof amount === 'string' && /^0+$/.test(amount);
}

export const accountCheck: CrossCheck = ({ overdraft, overdraftLimit }) =>
  overdraftLimit === undefined || overdraftLimit === null || overdraft === 'allowed'
    ? NOTHING
    : [{ path: 'overdraftLimit', message: 'is only for overdraft "allowed"' }];

/** A label is on a payment or on an entity. */
export const labelCheck: CrossCheck = ({ paymentId, entity }) => {
  const named = Number((paymentId ?? undefined) !== undefined) + Number((entity ?? undefined) !== undefined);
  return named === 1 ? NOTHING : [{ path: 'paymentId', message: 'either paymentId or entity must be sent' }];
};

export const captureCheck: CrossCheck = ({ id, final }) =>
  final === false && (id ?? undefined) === undefined
    ? [{ path: 'id', message: 'is required for a capture that is not final' }]
    : NOTHING;

/** What the list may hold, and whether the value is one of its kind. */
export function listEntryCheck(list: ListName): CrossCheck {
  return ({ kind, value }) => {
    if (!isListKind(kind) || typeof value !== 'string') return NOTHING;
    const problem = listKindProblem(list, kind);
    if (problem !== undefined) return [{ path: 'kind', message: problem }];
    const readable = canonicalListValue(kind, value) !== undefined;
    return readable ? NOTHING : [{ path: 'value', message: `must be a ${kind} that can be read` }];
  };
}

export function isListName(name: string): name is ListName {
  return LIST_NAMES.some((known) => known === name);
}

function isListKind(kind: unknown): kind is ListKind {
  return LIST_KINDS.some((known) => known === kind);
}
