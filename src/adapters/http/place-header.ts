/**
 * The header that says where something was written, `Vouch-Position: 17`, and from where on a read must
 * show it. In a ledger of several shards the shard stands before the position, `3:17`; a read may name
 * several, `0:12, 3:17`.
 */
import type { Principal } from '#src/ingest/access/token-table.ts';
import type { LogPlace, SeenPositions } from '#src/ports/log-place.ts';

const HEADER = 'vouch-position';
const PLACE = /^(?:(\d{1,4}):)?(\d{1,15})$/;

/** Flat, as `writeHead` takes it. */
export function placeHeader({ shard, position }: LogPlace): readonly string[] {
  return [HEADER, shard === 0 ? String(position) : `${shard}:${position}`];
}

/** What was written with a token, its later reads see. */
export function noteWritten({ written }: Principal, { shard, position }: LogPlace): void {
  if (position > (written[shard] ?? 0)) written[shard] = position;
}

/** What a token has written, and what the client says that it has seen. Places that are none are left out. */
export function withSent(written: SeenPositions, header: string): SeenPositions {
  const seen = [...written];
  for (const place of header.split(',')) {
    const [, shard = '0', position] = PLACE.exec(place.trim()) ?? [];
    const index = Number(shard);
    if (position !== undefined) seen[index] = Math.max(Number(position), seen[index] ?? 0);
  }
  return seen;
}
