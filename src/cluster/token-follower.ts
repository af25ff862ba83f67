/** Keeps the table of tokens at what the ledger says: who makes or revokes one may be another process. */
import type { TokenTable } from '#src/ingest/access/token-table.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';

/** A revoked token may still be used for so long. */
const LOOK_EVERY_MS = 1_000;

export async function followTokens(queries: LedgerQueries, tokens: TokenTable): Promise<() => void> {
  let seen = -1;
  const look = async () => {
    const position = queries.position();
    if (position === seen) return;
    tokens.replace(await queries.tokens({ seen: [] }));
    seen = position;
  };
  await look();
  // Reads that are behind are asked again a second later.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}
