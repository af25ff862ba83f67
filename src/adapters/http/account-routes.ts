/** The routes of accounts and of the operator's transfers. */
import type { CommandReader } from '#src/ingest/command-reader.ts';
import type { Scope } from '#src/ingest/access/scope.ts';
import { seenAt, type LogPlace } from '#src/ports/log-place.ts';
import type { CommandCall } from './command-call.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, valueReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import type { Call, Route } from './route.ts';
import { notFound, pageOptions, pageReply, readOptions } from './read-call.ts';
import { placeHeader } from './place-header.ts';
import { accountValue, entryValue } from './view-json.ts';

const WRITE: readonly Scope[] = ['transfers:write'];
const READ: readonly Scope[] = ['payments:read', 'transfers:write'];

export function accountRoutes(deps: HttpDeps, commands: CommandCall): readonly Route[] {
  const { readers, queries } = deps;

  async function showAccount(id: string, status: number, place: LogPlace): Promise<HttpReply> {
    const account = await queries.account(id, { seen: seenAt(place) });
    if (account === undefined) return problemReply(notFound('account'));
    return valueReply(status, accountValue(account), placeHeader(place));
  }

  async function openAccount(call: Call): Promise<HttpReply> {
    const outcome = await commands.run(call, readers.openAccount, '');
    if (!outcome.ok) return problemReply(outcome.problem);
    const { command, answer, place } = outcome;
    const created = answer.type === 'DoneAnswer' && answer.created;
    return showAccount(command.type === 'OpenAccount' ? command.account : '', created ? 201 : 200, place);
  }

  function restrict(word: string, reader: CommandReader, summary: string): Route {
    return {
      method: 'POST',
      path: `/v1/accounts/{id}/${word}`,
      summary,
      scopes: WRITE,
      body: { schema: reader.schema, contentType: 'application/json' },
      answers: { 200: 'The account as it now is' },
      async handle(call) {
        const id = call.params['id'] ?? '';
        const outcome = await commands.run(call, reader, id);
        return outcome.ok ? showAccount(id, 200, outcome.place) : problemReply(outcome.problem);
      },
    };
  }

  return [
    {
      method: 'POST',
      path: '/v1/accounts',
      summary: 'Opens an account',
      scopes: WRITE,
      body: { schema: readers.openAccount.schema, contentType: 'application/json' },
      answers: { 200: 'The account was open on these terms before', 201: 'The account is open' },
      handle: openAccount,
    },
    restrict('freeze', readers.freezeAccount, 'Stops debits, credits or both'),
    restrict('unfreeze', readers.unfreezeAccount, 'Allows debits, credits or both again'),
    restrict('close', readers.closeAccount, 'Closes an account that holds nothing'),
    ...accountReads(deps),
    transferRoute(deps, commands),
  ];
}

function accountReads({ queries }: HttpDeps): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/accounts/{id}',
      summary: 'An account and its balances, now or at a past time',
      scopes: READ,
      query: { at: 'instant' },
      answers: { 200: 'The account' },
      async handle(call) {
        const at = call.query.instant('at');
        const options = { ...readOptions(call), ...(at !== undefined && { at }) };
        const account = await queries.account(call.params['id'] ?? '', options);
        return account === undefined
          ? problemReply(notFound('account'))
          : valueReply(200, accountValue(account));
      },
    },
    {
      method: 'GET',
      path: '/v1/accounts/{id}/entries',
      summary: "The account's journal lines in order, with running balance",
      scopes: READ,
      query: { after: 'text', limit: 'limit' },
      answers: { 200: 'A page of entries' },
      async handle(call) {
        const page = await queries.accountEntries(call.params['id'] ?? '', pageOptions(call));
        return page === undefined
          ? problemReply(notFound('account'))
          : pageReply('entries', page, entryValue);
      },
    },
  ];
}

function transferRoute({ readers }: HttpDeps, commands: CommandCall): Route {
  return {
    method: 'POST',
    path: '/v1/transfers',
    summary: 'Moves money on the word of the operator: funding, settlement, corrections',
    scopes: WRITE,
    body: { schema: readers.transfer.schema, contentType: 'application/json' },
    answers: { 200: 'The transfer was posted before', 201: 'The transfer is posted' },
    async handle(call) {
      const outcome = await commands.run(call, readers.transfer, '');
      if (!outcome.ok) return problemReply(outcome.problem);
      const { command, answer, place } = outcome;
      if (command.type !== 'Transfer') throw new Error('a transfer was read as something else');
      const { transferId: id, debtor, creditor, amount, asset, reason } = command;
      const created = answer.type === 'DoneAnswer' && answer.created;
      const transfer = { id, debtor, creditor, amount, asset, reason, status: 'posted' };
      return valueReply(created ? 201 : 200, transfer, placeHeader(place));
    },
  };
}
