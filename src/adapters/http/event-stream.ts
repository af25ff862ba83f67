/**
 * Follows a log as Server-Sent Events (WHATWG HTML, section 9.2): each item with its cursor as the
 * event's id, so that a client that comes back with `Last-Event-ID` misses nothing and gets nothing twice.
 *
 * One page is in memory for each client. A client that does not read is cut off, not buffered.
 */
import type { ServerResponse } from 'node:http';
import type { LedgerQueries, Page, PageOptions } from '#src/ports/ledger-queries.ts';
import type { HttpDeps } from './http-deps.ts';
import { startStream } from './http-reply.ts';
import { pageOptions } from './read-call.ts';
import type { Call } from './route.ts';

export interface FollowedLog<Item> {
  readonly read: (options: PageOptions) => Promise<Page<Item>>;
  /** The cursor after which the next item comes. */
  readonly cursorOf: (item: Item) => string;
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
  startStream(response, 'text/event-stream');
  while (!ended.aborted) {
    const seen = deps.queries.position();
    const page = await log.read({ ...first, limit: PAGE_ITEMS, ...(after !== undefined && { after }) });
    const last = page.items.at(-1);
    if (last === undefined) {
      await somethingNew(deps.queries, seen, ended);
      if (deps.queries.position() === seen) await write(response, ': still here\n\n', { deps, ended });
      continue;
    }
    after = log.cursorOf(last);
    const text = page.items.map(
      (item) => `id: ${log.cursorOf(item)}\ndata: ${JSON.stringify(log.show(item))}\n\n`,
    );
    await write(response, text.join(''), { deps, ended });
  }
  response.end();
  return undefined;
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
  if (ended.aborted || response.write(text)) return;
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
