/** Makes one page of the pages of several shards, each of which is in order already. */
import type { CursorPage } from '#src/ports/ledger-queries.ts';
import { writeCursors, type ShardCursor } from './shard-cursors.ts';

export interface MergedPages<Item> {
  /** One for each shard; undefined where a shard was not asked because it has ended. */
  readonly pages: readonly (CursorPage<Item> | undefined)[];
  /** What was asked for, one for each shard. */
  readonly asked: readonly ShardCursor[];
  readonly limit: number;
  readonly comesFirst: (a: Item, b: Item) => boolean;
  /** Whether a shard that has nothing more now may have something later, behind its cursor. */
  readonly isEndless: boolean;
}

export interface MergedPage<Item> extends CursorPage<Item> {
  readonly next: string;
  /** Whether there is more to read now, as far as the shards said. */
  readonly hasMore: boolean;
}

export function mergePages<Item>(merged: MergedPages<Item>): MergedPage<Item> {
  const { pages, limit } = merged;
  const taken = pages.map(() => 0);
  const items: Item[] = [];
  const cursors: string[] = [];
  while (items.length < limit) {
    const shard = shardOfFirst(merged, taken);
    if (shard === undefined) break;
    const item = pages[shard]?.items[taken[shard] ?? 0];
    if (item === undefined) break;
    taken[shard] = (taken[shard] ?? 0) + 1;
    items.push(item);
    cursors.push(writeCursors(cursorsBehind(merged, taken)));
  }
  const next = writeCursors(cursorsBehind(merged, taken));
  return { items, cursors, next, hasMore: hasMore(merged, taken) };
}

function shardOfFirst<Item>({ pages, comesFirst }: MergedPages<Item>, taken: readonly number[]) {
  let first: { readonly shard: number; readonly item: Item } | undefined;
  for (const [shard, page] of pages.entries()) {
    const item = page?.items[taken[shard] ?? 0];
    if (item !== undefined && (!first || comesFirst(item, first.item))) first = { shard, item };
  }
  return first?.shard;
}

function cursorsBehind<Item>(
  { pages, asked, isEndless }: MergedPages<Item>,
  taken: readonly number[],
): readonly ShardCursor[] {
  return pages.map((page, shard): ShardCursor => {
    const count = taken[shard] ?? 0;
    if (!page) return 'ended';
    if (count < page.items.length) return count === 0 ? (asked[shard] ?? 'ended') : after(page, count);
    if (page.next !== undefined) return { after: page.next };
    return isEndless ? after(page, count) : 'ended';
  });
}

function after<Item>({ cursors }: CursorPage<Item>, count: number): ShardCursor {
  return { after: cursors[count - 1] };
}

function hasMore<Item>({ pages }: MergedPages<Item>, taken: readonly number[]): boolean {
  return pages.some(
    (page, shard) => page && ((taken[shard] ?? 0) < page.items.length || page.next !== undefined),
  );
}
