/**
 * A cursor over several shards: for each of them the cursor behind what was taken of it. A shard of
 * which nothing was taken yet has none, and one that has nothing (more) to give says so.
 */
import { CursorInvalidError } from '#src/ports/ledger-queries.ts';

const SEPARATOR = '~';
const ENDED = '-';

/** Where to go on in one shard; `ended`: it has nothing more. */
export type ShardCursor = { readonly after: string | undefined } | 'ended';

export function writeCursors(cursors: readonly ShardCursor[]): string {
  return cursors.map((cursor) => (cursor === 'ended' ? ENDED : (cursor.after ?? ''))).join(SEPARATOR);
}

/** One for each shard. @throws CursorInvalidError when it was made for another number of shards. */
export function readCursors(cursor: string | undefined, shards: number): readonly ShardCursor[] {
  if (cursor === undefined) return Array.from({ length: shards }, () => ({ after: undefined }));
  const parts = cursor.split(SEPARATOR);
  if (parts.length !== shards)
    throw new CursorInvalidError(`"${cursor}" is not a cursor over ${shards} shards`);
  return parts.map((part) => (part === ENDED ? 'ended' : { after: part === '' ? undefined : part }));
}
