import { describe, expect, it } from 'vitest';
import { noteWritten, placeHeader, withSent } from '#src/adapters/http/place-header.ts';
import { anyone } from '#src/ingest/access/token-table.ts';

describe('the header of a place in the log', () => {
  it('is the bare position in the first shard, and names any other', () => {
    expect(placeHeader({ shard: 0, position: 12 })).toEqual(['vouch-position', '12']);
    expect(placeHeader({ shard: 3, position: 17 })).toEqual(['vouch-position', '3:17']);
  });

  it('sent with a read, asks of each shard the later of what was sent and what was written', () => {
    const principal = anyone();
    noteWritten(principal, { shard: 1, position: 5 });
    noteWritten(principal, { shard: 1, position: 4 });
    expect(withSent(principal.written, '12, 1:3, 2:7')).toEqual([12, 5, 7]);
    expect(principal.written[1]).toBe(5);
  });

  it.each(['', 'x', '1:2:3', '-1', '1:', '99999999999999999999'])(
    'sent as %j, asks for nothing',
    (header) => {
      expect(withSent([], header)).toEqual([]);
    },
  );
});
