/**
 * Follows a log as Server-Sent Events (WHATWG HTML, section 9.2): each item with its cursor as the
 * event's id, so that a client that comes back with `Last-Event-ID` misses nothing and gets nothing twice.
 *
 * One page is in memory for each client. A client that does not read is cut off, not buffered.
 */
import type { ServerResponse } from 'node:http';
import type { LedgerQueries, LogPage, PageOptions } from '#src/ports/ledger-queries.ts';
import type { HttpDeps } from './http-deps.ts';
import { startStream } from './http-reply.ts';
import { pageOptions } from './read-call.ts';
import type { Call } from './route.ts';

export interface FollowedLog<Item> {
  readonly read: (options: PageOptions) => Promise<LogPage<Item>>;
  readonly show: (item: Item) => unknown;
}

/** So that proxies do not take a quiet log for a dead connection. */
const HEARTBEAT_MS = 15_000;
/** In one go; about 250 KiB. */
const PAGE_ITEMS = 500;

export function wantsEventStream({ request }: Call): boolean {
  return request.headers.accept?.includes('text/event-stream') === true;
}

/** Resolves when the client has gone, was cut off, or the server stops. */
export async function followLog<Item>(
  call: Call,
  log: FollowedLog<Item>,
  { deps, stopping }: { readonly deps: HttpDeps; readonly stopping: AbortSignal },
): Promise<undefined> {
  const { response } = call;
  const lastId = call.request.headers['last-event-id'];
  const first = pageOptions(call);
  let after = typeof lastId === 'string' && lastId !== '' ? lastId : first.after;
  const ended = endOf(response, stopping);
  while (!ended.aborted) {
    const seen = deps.queries.position();
    const page = await log.read({ ...first, limit: PAGE_ITEMS, ...(after !== undefined && { after }) });
    // Not before the first page: a cursor that is none is still answered with a problem.
    if (!response.headersSent) startStream(response, 'text/event-stream');
    const moved = page.next !== after;
    after = page.next;
    if (page.items.length > 0) await write(response, eventTexts(page, log.show), { deps, ended });
    else if (!moved) await waitForMore(response, { deps, ended, seen });
  }
  response.end();
  return undefined;
}

function eventTexts<Item>({ items, cursors }: LogPage<Item>, show: (item: Item) => unknown): string {
  return items
    .map((item, index) => `id: ${cursors[index]}\ndata: ${JSON.stringify(show(item))}\n\n`)
    .join('');
}

/** Waits until there is more than reads showed; a log that stays quiet gives a sign of life. */
async function waitForMore(
  response: ServerResponse,
  { deps, ended, seen }: Stream & { seen: number },
): Promise<void> {
  await somethingNew(deps.queries, seen, ended);
  if (deps.queries.position() === seen) await write(response, ': still here\n\n', { deps, ended });
}

/** Aborted when there is nobody to write for any more. */
function endOf(response: ServerResponse, stopping: AbortSignal): AbortSignal {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return AbortSignal.any([gone.signal, stopping]);
}

/** Resolves when reads show more than the position, it is time for a sign of life, or the stream has ended. */
function somethingNew(queries: LedgerQueries, seen: number, ended: AbortSignal): Promise<void> {
  return untilEnded(ended, (wake) => {
    const forget = queries.onPosition(wake);
    const timer = setTimeout(wake, HEARTBEAT_MS);
    if (queries.position() !== seen) wake();
    return () => {
      clearTimeout(timer);
      forget();
    };
  });
}

interface Stream {
  readonly deps: HttpDeps;
  readonly ended: AbortSignal;
}

/** Writes, and waits until the client has read enough; one that does not is cut off. */
async function write(response: ServerResponse, text: string, { deps, ended }: Stream): Promise<void> {
  if (ended.aborted || response.destroyed || response.write(text)) return;
  await untilEnded(ended, (wake) => {
    response.once('drain', wake);
    const timer = setTimeout(() => {
      deps.metrics.cutOff();
      response.destroy();
    }, deps.limits.slowReaderSeconds * 1000);
    return () => {
      clearTimeout(timer);
      response.off('drain', wake);
    };
  });
}

/** Waits for a wake-up that `watch` arranges and its result takes back, or for the end of the stream. */
async function untilEnded(ended: AbortSignal, watch: (wake: () => void) => () => void): Promise<void> {
  if (ended.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const wake = (): void => resolve();
  ended.addEventListener('abort', wake, { once: true });
  const forget = watch(wake);
  await promise;
  forget();
  ended.removeEventListener('abort', wake);
}
