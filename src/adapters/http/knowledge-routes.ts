/** The routes of what is known beside payments: signals, labels, lists, exchange rates, entities. */
import { decodePersonalContent } from '#src/domain/encoding/row-codec.ts';
import { ENTITY_KINDS } from '#src/domain/entity.ts';
import type { EntityKind } from '#src/domain/entity.ts';
import type { CommandReader } from '#src/ingest/command-reader.ts';
import { isListName } from '#src/ingest/cross-checks.ts';
import type { Scope } from '#src/ingest/access/scope.ts';
import type { CommandCall, CommandOutcome } from './command-call.ts';
import type { HttpDeps } from './http-deps.ts';
import { problemReply, valueReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { canonicalAddress } from './query.ts';
import { placeHeader } from './place-header.ts';
import { notFound, pageOptions, pageReply, readOptions } from './read-call.ts';
import type { Call, Route } from './route.ts';
import { entityValue, listEntryValue } from './view-json.ts';

const READ: readonly Scope[] = ['payments:read', 'lists:write', 'reviews:write'];

export function knowledgeRoutes(deps: HttpDeps, commands: CommandCall): readonly Route[] {
  const { readers } = deps;
  return [
    recordRoute({
      path: '/v1/signals',
      reader: readers.signal,
      summary: 'Records what is not a payment and feeds features',
      scopes: ['payments:write'],
      commands,
    }),
    recordRoute({
      path: '/v1/rates',
      reader: readers.rates,
      summary: "Records a day's exchange rates",
      scopes: ['transfers:write'],
      commands,
    }),
    ...listRoutes(deps, commands),
    entityRoute(deps),
  ];
}

interface RecordRoute {
  readonly path: string;
  readonly reader: CommandReader;
  readonly summary: string;
  readonly scopes: readonly Scope[];
  readonly commands: CommandCall;
}

function recordRoute({ path, reader, summary, scopes, commands }: RecordRoute): Route {
  return {
    method: 'POST',
    path,
    summary,
    scopes,
    body: { schema: reader.schema, contentType: 'application/json' },
    answers: { 200: 'It was recorded before', 201: 'It is recorded' },
    handle: async (call) => recordedReply(await commands.run(call, reader, '')),
  };
}

/** 201 the first time, 200 when the same was recorded before. */
export function recordedReply(outcome: CommandOutcome): HttpReply {
  if (!outcome.ok) return problemReply(outcome.problem);
  const { command, answer, place } = outcome;
  const created = answer.type === 'DoneAnswer' && answer.created;
  return valueReply(created ? 201 : 200, recordedValue(command), placeHeader(place));
}

function recordedValue(command: Extract<CommandOutcome, { ok: true }>['command']): object {
  if (command.type === 'RecordSignal') return { id: command.signalId, recorded: true };
  if (command.type === 'RecordLabel') return { id: command.labelId, recorded: true };
  return command.type === 'RecordRates' ? { date: command.date, recorded: true } : { recorded: true };
}

function listRoutes({ readers, queries }: HttpDeps, commands: CommandCall): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/lists/{list}/entries',
      summary: 'Blocks or allows; in force with the next batch, owned by the token',
      scopes: ['lists:write'],
      body: { schema: readers.blockEntry.schema, contentType: 'application/json' },
      answers: { 201: 'The entry' },
      async handle(call) {
        const list = call.params['list'] ?? '';
        if (!isListName(list)) return problemReply(notFound('list'));
        const reader = list === 'block' ? readers.blockEntry : readers.allowEntry;
        return addedReply(call, await commands.run(call, reader, ''));
      },
    },
    {
      method: 'DELETE',
      path: '/v1/lists/{list}/entries/{id}',
      summary: 'Takes an entry off its list',
      scopes: ['lists:write'],
      answers: { 200: 'The entry is gone' },
      async handle({ params, principal }) {
        const { list = '', id = '' } = params;
        if (!isListName(list)) return problemReply(notFound('list'));
        const outcome = await commands.submit({ type: 'RemoveListEntry', list, entryId: id }, principal);
        return outcome.ok ? valueReply(200, { id, removed: true }) : problemReply(outcome.problem);
      },
    },
    {
      method: 'GET',
      path: '/v1/lists/{list}/entries',
      summary: 'The entries of a list',
      scopes: READ,
      query: { after: 'text', limit: 'limit' },
      answers: { 200: 'A page of entries' },
      async handle(call) {
        const list = call.params['list'] ?? '';
        if (!isListName(list)) return problemReply(notFound('list'));
        return pageReply('entries', await queries.listEntries(list, pageOptions(call)), listEntryValue);
      },
    },
  ];
}

function addedReply({ principal }: Call, outcome: CommandOutcome): HttpReply {
  if (!outcome.ok) return problemReply(outcome.problem);
  const { command, place } = outcome;
  if (command.type !== 'AddListEntry') throw new Error('a list entry was read as something else');
  const { entryId: id, list, kind, reason, expiresAt, personal } = command;
  const value = decodePersonalContent(personal).entity ?? '';
  const entry = {
    id,
    list,
    kind,
    value,
    reason,
    owner: principal.actor,
    ...(expiresAt !== undefined && { expiresAt }),
  };
  return valueReply(201, listEntryValue(entry), placeHeader(place));
}

function entityRoute({ queries }: HttpDeps): Route {
  return {
    method: 'GET',
    path: '/v1/entities/{kind}/{id}',
    summary: 'What is known of an account, card, device, address or the like',
    scopes: READ,
    answers: { 200: 'The entity' },
    async handle(call) {
      const { kind = '', id = '' } = call.params;
      if (!isEntityKind(kind)) return problemReply(notFound('kind of entity'));
      const named = kind === 'ip' ? canonicalAddress(id) : id;
      const entity = await queries.entity({ kind, id: named }, readOptions(call));
      return entity === undefined ? problemReply(notFound('entity')) : valueReply(200, entityValue(entity));
    },
  };
}

function isEntityKind(word: string): word is EntityKind {
  return ENTITY_KINDS.some((kind) => kind === word);
}
