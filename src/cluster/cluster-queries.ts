/**
 * Reads of a ledger in several shards, from the read models of each.
 *
 * What belongs to one account is asked of its shard; a payment is wherever its debtor is, so all are
 * asked; pages over all are merged by time, which within a shard is the order of its log. Lists and
 * tokens are the same in all shards, and read in the first.
 */
import { shardOfAccount } from '#src/domain/shard-place.ts';
import type { LedgerQueries, LogPage, PageOptions } from '#src/ports/ledger-queries.ts';
import { mergeEntities } from './merge-entities.ts';
import { mergePages } from './merge-pages.ts';
import { readCursors, type ShardCursor } from './shard-cursors.ts';

export function clusterQueries(shards: readonly LedgerQueries[]): LedgerQueries {
  const [first] = shards;
  if (!first) throw new Error('a ledger has at least one shard');
  const count = shards.length;
  const owner = (account: string) => shards[shardOfAccount(account, count)] ?? first;
  return {
    payment: async (id, options) => {
      const found = await Promise.all(shards.map((shard) => shard.payment(id, options)));
      // Of two with one id, the one that was taken back is shown only while the other is not to be seen yet.
      const payments = found.filter((payment) => payment !== undefined);
      return payments.find(({ idConflict }) => !idConflict) ?? payments[0];
    },
    searchPayments: async (search) => {
      const asked = readCursors(search.after, count);
      const home = search.account === undefined ? undefined : shardOfAccount(search.account, count);
      const isAsked = (shard: number) => home === undefined || home === shard;
      const pages = await Promise.all(
        shards.map((shard, index) =>
          pageFrom(isAsked(index) ? asked[index] : 'ended', (from) =>
            shard.searchPayments({ ...search, ...from }),
          ),
        ),
      );
      const { items, cursors, next, hasMore } = mergePages({
        pages,
        asked,
        limit: search.limit,
        comesFirst: (a, b) => a.receivedAt > b.receivedAt,
        isEndless: false,
      });
      return { items, cursors, ...(hasMore ? { next } : {}) };
    },
    account: (id, options) => owner(id).account(id, options),
    accountEntries: (id, options) => owner(id).accountEntries(id, options),
    entity: async (name, options) => {
      return mergeEntities(await Promise.all(shards.map((shard) => shard.entity(name, options))));
    },
    listEntries: (list, options) => first.listEntries(list, options),
    tokens: (options) => first.tokens(options),
    journal: (options) => mergedLog(shards, options, (shard, from) => shard.journal(from)),
    events: (options) => mergedLog(shards, options, (shard, from) => shard.events(from)),
    position: () => shards.reduce((sum, shard) => sum + shard.position(), 0),
    onPosition: (listener) => {
      const told = () => listener(shards.reduce((sum, shard) => sum + shard.position(), 0));
      const forgets = shards.map((shard) => shard.onPosition(told));
      return () => forgets.forEach((forget) => forget());
    },
  };
}

type From = Pick<PageOptions, 'after'>;

/** Nothing is asked of a shard that has ended. */
function pageFrom<Page>(
  cursor: ShardCursor | undefined,
  read: (from: From) => Promise<Page>,
): Promise<Page | undefined> {
  if (cursor === undefined || cursor === 'ended') return Promise.resolve(undefined);
  return read(cursor.after === undefined ? {} : { after: cursor.after });
}

async function mergedLog<Item extends { readonly at: number }>(
  shards: readonly LedgerQueries[],
  { after, ...options }: PageOptions,
  read: (shard: LedgerQueries, options: PageOptions) => Promise<LogPage<Item>>,
): Promise<LogPage<Item>> {
  const asked = readCursors(after, shards.length);
  const pages = await Promise.all(
    shards.map((shard, index) => pageFrom(asked[index], (from) => read(shard, { ...options, ...from }))),
  );
  return mergePages({
    pages,
    asked,
    limit: options.limit,
    comesFirst: (a, b) => a.at < b.at,
    isEndless: true,
  });
}
