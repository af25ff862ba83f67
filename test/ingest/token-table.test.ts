import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAccessToken } from '#src/ingest/access/access-token.ts';
import { mayDo } from '#src/ingest/access/scope.ts';
import { TokenTable } from '#src/ingest/access/token-table.ts';

function tableWith(tokenId: string) {
  const { token, digest } = createAccessToken(randomBytes(32));
  return { token, table: new TokenTable([{ tokenId, name: 'shop', digest, scopes: ['payments:write'] }]) };
}

describe('tokens', () => {
  it('have 256 random bits behind a prefix, and never come twice', () => {
    const tokens = new Set(Array.from({ length: 100 }, () => createAccessToken(randomBytes(32)).token));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^vouch_[A-Za-z0-9_-]{43}$/);
  });

  it('are found while they are in force', () => {
    const { token, table } = tableWith('t1');
    expect(table.find(token)).toMatchObject({ tokenId: 't1', actor: 'token:t1' });
    table.revoke('t1');
    expect(table.find(token)).toBeUndefined();
  });

  it('are those of another list once they are replaced, and one that stays keeps what it wrote', () => {
    const { token, table } = tableWith('t1');
    const stays = table.find(token);
    if (!stays) throw new Error('the token is in force');
    stays.written[0] = 7;
    const { token: added, digest } = createAccessToken(randomBytes(32));
    const { tokenId, name } = stays;
    const kept = { tokenId, name, digest: createHash('sha256').update(token).digest(), scopes: ['admin'] };
    table.replace([kept, { tokenId: 't2', name: 'other', digest, scopes: ['admin'] }]);
    expect(table.find(token)?.written[0]).toBe(7);
    expect(table.find(added)?.tokenId).toBe('t2');
    table.replace([]);
    expect(table.find(token)).toBeUndefined();
  });

  it.each(['', 'vouch_', 'vouch_short', `vouch_${'a'.repeat(43)}`, `vouch_${'a'.repeat(100)}`])(
    'that nobody was given are not found: %s',
    (token) => expect(tableWith('t1').table.find(token)).toBeUndefined(),
  );
});

describe('scopes', () => {
  it('allow what any of them allows, and admin allows everything', () => {
    expect(mayDo(new Set(['payments:read']), ['payments:read', 'lists:write'])).toBe(true);
    expect(mayDo(new Set(['payments:read']), ['transfers:write'])).toBe(false);
    expect(mayDo(new Set(['admin']), ['transfers:write'])).toBe(true);
    expect(mayDo(new Set(), [])).toBe(true);
  });
});
