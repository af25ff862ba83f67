import { describe, expect, it } from 'vitest';
import { at, FlowLog, minute } from '#test/support/flow-log.ts';
import { NOW, projectedLedger } from '#test/support/projected-ledger.ts';

const DIGEST = new Uint8Array(32).fill(7);

describe('the tokens that reads know', () => {
  it('are those that were made and not revoked, also after a restart', async () => {
    const ledger = await FlowLog.open();
    for (const tokenId of ['t1', 't2', 't3', 't4'])
      await ledger.run(
        at(minute(0), { type: 'CreateToken', tokenId, name: tokenId, digest: DIGEST, scopes: ['admin'] }),
      );
    await ledger.run(at(minute(1), { type: 'RevokeToken', tokenId: 't2' }));
    const projected = await projectedLedger({ ledger });
    const inForce = ['t1', 't3', 't4'].map((tokenId) => ({
      tokenId,
      name: tokenId,
      digest: DIGEST,
      scopes: ['admin'],
    }));
    expect(await projected.queries.tokens(NOW)).toEqual(inForce);
    const restarted = await projectedLedger({ ledger, store: projected.store });
    expect(await restarted.queries.tokens(NOW)).toEqual(inForce);
  });
});
