import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergePages } from '#src/cluster/merge-pages.ts';
import { readCursors, writeCursors } from '#src/cluster/shard-cursors.ts';
import { CursorInvalidError, type CursorPage } from '#src/ports/ledger-queries.ts';

/** A shard's items in order, read in pages of its own, with the index behind an item as its cursor. */
function pageOf(items: readonly number[], after: string | undefined, limit: number): CursorPage<number> {
  const from = Number(after ?? 0);
  const page = items.slice(from, from + limit);
  const cursors = page.map((_, index) => String(from + index + 1));
  const last = cursors.at(-1);
  return { items: page, cursors, ...(page.length === limit && last !== undefined ? { next: last } : {}) };
}

function readAll(shards: readonly (readonly number[])[], limit: number): number[] {
  const read: number[] = [];
  let after: string | undefined;
  for (;;) {
    const asked = readCursors(after, shards.length);
    const pages = shards.map((items, shard) => {
      const cursor = asked[shard];
      return cursor === undefined || cursor === 'ended' ? undefined : pageOf(items, cursor.after, limit);
    });
    const page = mergePages({ pages, asked, limit, comesFirst: (a, b) => a < b, isEndless: false });
    read.push(...page.items);
    if (!page.hasMore) return read;
    after = page.next;
  }
}

const ordered = fc.array(fc.nat(50)).map((items) => items.toSorted((a, b) => a - b));

describe('pages over several shards', () => {
  it('give every item once and in order, whatever the size of a page', () => {
    fc.assert(
      fc.property(
        fc.array(ordered, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        (shards, limit) => {
          expect(readAll(shards, limit)).toEqual(shards.flat().toSorted((a, b) => a - b));
        },
      ),
    );
  });

  it('have a cursor behind each item from which the rest follows', () => {
    const shards = [
      [1, 4],
      [2, 3],
    ];
    const asked = readCursors(undefined, 2);
    const pages = shards.map((items) => pageOf(items, undefined, 3));
    const { items, cursors } = mergePages({
      pages,
      asked,
      limit: 3,
      comesFirst: (a, b) => a < b,
      isEndless: true,
    });
    expect(items).toEqual([1, 2, 3]);
    expect(cursors).toEqual(['1~', '1~1', '1~2']);
  });

  it('refuse a cursor that was made for another number of shards', () => {
    expect(() => readCursors(writeCursors([{ after: '1' }]), 2)).toThrow(CursorInvalidError);
  });
});
