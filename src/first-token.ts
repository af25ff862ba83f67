/** A ledger without tokens gets one that may do everything, so that somebody can make others. */
import { randomBytes, randomUUID } from 'node:crypto';
import type { TokenCreated } from '#src/domain/shared-fact.ts';
import { createAccessToken, TOKEN_SECRET_BYTES } from '#src/ingest/access/access-token.ts';

export interface FirstToken {
  /** Shown once. */
  readonly token: string;
  readonly created: TokenCreated;
}

export function drawFirstToken(): FirstToken {
  const { token, digest } = createAccessToken(randomBytes(TOKEN_SECRET_BYTES));
  const created: TokenCreated = {
    type: 'TokenCreated',
    tokenId: randomUUID(),
    name: 'first',
    digest,
    scopes: ['admin'],
  };
  return { token, created };
}
