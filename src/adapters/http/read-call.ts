/** What every read shares: the position that it must have seen, pages, and the answer when there is nothing. */
import type { Page, PageOptions, ReadOptions } from '#src/ports/ledger-queries.ts';
import { valueReply } from './http-reply.ts';
import type { HttpReply } from './http-reply.ts';
import { withSent } from './place-header.ts';
import type { Problem } from './problem.ts';
import type { Call } from './route.ts';

/**
 * A token's reads see what was last written with it, remembered here for each token. Where several
 * processes share the work, `Vouch-Position` of the answer to a write, sent with a read, says the same.
 */
export function readOptions({ principal, request }: Call): ReadOptions {
  const sent = request.headers['vouch-position'];
  const { written } = principal;
  return { seen: typeof sent === 'string' ? withSent(written, sent) : written };
}

export function pageOptions(call: Call): PageOptions {
  const after = call.query.text('after');
  return { ...readOptions(call), ...(after !== undefined && { after }), limit: call.query.limit() };
}

/** `{"<name>":[…],"next":cursor or null}`. */
export function pageReply<Item>(name: string, page: Page<Item>, show: (item: Item) => unknown): HttpReply {
  return valueReply(200, { [name]: page.items.map(show), next: page.next ?? null });
}

/** What was asked for is not repeated: it may be anything. */
export function notFound(what: string): Problem {
  return { type: 'not-found', detail: `there is no such ${what}` };
}
