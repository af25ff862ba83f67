/** The log, for who follows it: the journal's transactions and all events, as pages and as a stream. */
import type { Scope } from '#src/ingest/access/scope.ts';
import type { EventView, TransactionView } from '#src/ports/ledger-views.ts';
import { followLog, wantsEventStream } from './event-stream.ts';
import type { FollowedLog } from './event-stream.ts';
import type { HttpDeps } from './http-deps.ts';
import { pageOptions, pageReply } from './read-call.ts';
import type { Route } from './route.ts';
import { eventValue, transactionValue } from './view-json.ts';

const READ: readonly Scope[] = ['payments:read'];

export function logRoutes(deps: HttpDeps, stopping: AbortSignal): readonly Route[] {
  const { queries } = deps;
  const journal: FollowedLog<TransactionView> = {
    read: (options) => queries.journal(options),
    show: transactionValue,
  };
  const events: FollowedLog<EventView> = {
    read: (options) => queries.events(options),
    show: eventValue,
  };
  const run = { deps, stopping };
  return [
    logRoute({
      name: 'transactions',
      path: '/v1/journal',
      summary: 'The journal in order',
      log: journal,
      ...run,
    }),
    logRoute({
      name: 'events',
      path: '/v1/events',
      summary: 'Everything that happened, in order',
      log: events,
      ...run,
    }),
  ];
}

interface LogRoute<Item> {
  readonly name: string;
  readonly path: string;
  readonly summary: string;
  readonly log: FollowedLog<Item>;
  readonly deps: HttpDeps;
  readonly stopping: AbortSignal;
}

function logRoute<Item>({ name, path, summary, log, deps, stopping }: LogRoute<Item>): Route {
  return {
    method: 'GET',
    path,
    summary: `${summary}; with \`Accept: text/event-stream\` as a stream`,
    scopes: READ,
    query: { after: 'text', limit: 'limit' },
    answers: { 200: `A page of ${name}, or the stream` },
    async handle(call) {
      if (wantsEventStream(call)) return followLog(call, log, { deps, stopping });
      return pageReply(name, await log.read(pageOptions(call)), log.show);
    },
  };
}
