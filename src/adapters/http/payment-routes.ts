/** What can be done with a payment and read of it, apart from sending it one at a time. */
import type { CommandReader } from '#src/ingest/command-reader.ts';
import type { Scope } from '#src/ingest/access/scope.ts';
import type { PaymentView } from '#src/ports/ledger-views.ts';
import { seenAt } from '#src/ports/log-place.ts';
import type { CommandCall } from './command-call.ts';
import type { HttpDeps } from './http-deps.ts';
import { jsonReply, problemReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { detailedPaymentJson, paymentViewJson } from './payment-json.ts';
import { placeHeader } from './place-header.ts';
import { notFound, pageOptions, readOptions } from './read-call.ts';
import type { QueryNames } from './query.ts';
import type { Call, Route } from './route.ts';

const WRITE: readonly Scope[] = ['payments:write'];
const READ: readonly Scope[] = ['payments:read', 'payments:write'];

/** Filters that compare as they are written; times and pages are beside them. */
const FILTERS = [
  'account',
  'creditor',
  'card',
  'device',
  'ip',
  'reference',
  'group',
  'status',
  'outcome',
] as const;

const SEARCH_QUERY: QueryNames = {
  ...Object.fromEntries(FILTERS.map((name) => [name, 'text'] as const)),
  from: 'instant',
  to: 'instant',
  after: 'text',
  limit: 'limit',
};

export function paymentRoutes(deps: HttpDeps, commands: CommandCall): readonly Route[] {
  const { readers } = deps;
  const action = paymentAction(deps, commands);
  return [
    action({
      word: 'capture',
      reader: readers.capture,
      scopes: WRITE,
      summary: 'Captures in full or in part',
    }),
    action({
      word: 'void',
      reader: readers.void,
      scopes: WRITE,
      summary: 'Ends a payment that awaits anything',
    }),
    action({
      word: 'reverse',
      reader: readers.reverse,
      scopes: WRITE,
      summary: 'Gives back up to what was captured',
    }),
    action({
      word: 'authorization',
      reader: readers.authorization,
      scopes: WRITE,
      summary: 'Says what the issuer said',
    }),
    action({
      word: 'challenge',
      reader: readers.challenge,
      scopes: WRITE,
      summary: 'Says how the challenge ended',
    }),
    reviewRoute(deps, commands),
    ...paymentReads(deps),
  ];
}

interface PaymentAction {
  readonly word: string;
  readonly reader: CommandReader;
  readonly scopes: readonly Scope[];
  readonly summary: string;
}

function paymentAction(deps: HttpDeps, commands: CommandCall): (action: PaymentAction) => Route {
  return ({ word, reader, scopes, summary }) => ({
    method: 'POST',
    path: `/v1/payments/{id}/${word}`,
    summary,
    scopes,
    body: { schema: reader.schema, contentType: 'application/json' },
    answers: { 200: 'The payment as it now stands' },
    handle: (call) => changePayment({ deps, commands, call, reader }, call.params['id'] ?? ''),
  });
}

function reviewRoute(deps: HttpDeps, commands: CommandCall): Route {
  const reader = deps.readers.reviewDecision;
  return {
    method: 'POST',
    path: '/v1/reviews/{paymentId}/decision',
    summary: 'Decides a payment that is held for review; the reviewer is the token',
    scopes: ['reviews:write'],
    body: { schema: reader.schema, contentType: 'application/json' },
    answers: { 200: 'The payment as it now stands' },
    handle: (call) => changePayment({ deps, commands, call, reader }, call.params['paymentId'] ?? ''),
  };
}

interface Change {
  readonly deps: HttpDeps;
  readonly commands: CommandCall;
  readonly call: Call;
  readonly reader: CommandReader;
}

async function changePayment({ deps, commands, call, reader }: Change, id: string): Promise<HttpReply> {
  const outcome = await commands.run(call, reader, id);
  if (!outcome.ok) return problemReply(outcome.problem);
  const view = await deps.queries.payment(id, { seen: seenAt(outcome.place) });
  if (view === undefined) return problemReply(notFound('payment'));
  const text = paymentViewJson(storedJson(deps, view), view, view.decisions.at(-1));
  return jsonReply(200, text, placeHeader(outcome.place));
}

function paymentReads(deps: HttpDeps): readonly Route[] {
  const { queries, describeVector } = deps;
  return [
    {
      method: 'GET',
      path: '/v1/payments/{id}',
      summary: 'A payment with its decisions, vector, labels and history',
      scopes: READ,
      answers: { 200: 'The payment' },
      async handle(call) {
        const view = await queries.payment(call.params['id'] ?? '', readOptions(call));
        if (view === undefined) return problemReply(notFound('payment'));
        return jsonReply(200, detailedPaymentJson(storedJson(deps, view), view, describeVector));
      },
    },
    {
      method: 'GET',
      path: '/v1/payments',
      summary: 'Searches payments, newest first; everything that is given must match',
      scopes: READ,
      query: SEARCH_QUERY,
      answers: { 200: 'A page of payments' },
      async handle(call) {
        const page = await queries.searchPayments({ ...pageOptions(call), ...filtersOf(call) });
        const shown = page.items.map((view) =>
          paymentViewJson(storedJson(deps, view), view, view.decisions.at(-1)),
        );
        return jsonReply(
          200,
          `{"payments":[${shown.join(',')}],"next":${JSON.stringify(page.next ?? null)}}`,
        );
      },
    },
  ];
}

function filtersOf({ query }: Call) {
  const filters: Partial<Record<(typeof FILTERS)[number], string>> = {};
  for (const name of FILTERS) {
    const value = name === 'ip' ? query.address(name) : query.text(name);
    if (value !== undefined) filters[name] = value;
  }
  const from = query.instant('from');
  const to = query.instant('to');
  return { ...filters, ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

function storedJson({ readers }: HttpDeps, { facts, personal = {} }: PaymentView): string {
  return readers.payment.writeStored({ facts, personal });
}
