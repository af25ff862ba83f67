import { describe, expect, test } from 'vitest';

import { sealRow } from '#src/journal/hash-chain.ts';
import { EMPTY_HEAD } from '#src/ports/event-log.ts';
import type { LogHomes } from '#test/contract/event-log/log-homes.ts';
import { appendRow, appendRows, bytesOf, readAll } from '#test/support/event-log/log-rows.ts';

export function describeRows(name: string, homes: LogHomes): void {
  describe(`${name}: rows`, () => {
    test('an empty log has position 0, a zero hash and no rows', async () => {
      const log = await homes.openAt(await homes.newHome());
      expect(await log.head()).toEqual(EMPTY_HEAD);
      expect(await log.read({ from: 1 })).toEqual([]);
    });

    test('appended rows are read back in order, byte for byte', async () => {
      const log = await homes.openAt(await homes.newHome());
      const rows = await appendRows(log, 5);
      const empty = await appendRow(log, { body: bytesOf('no personal part'), personal: null });
      expect(await readAll(log)).toEqual([...rows, empty]);
    });

    test('the head is the newest row', async () => {
      const log = await homes.openAt(await homes.newHome());
      const [, second] = await appendRows(log, 2);
      expect(await log.head()).toEqual({ position: 2, hash: second?.hash });
    });

    test('a row with a gap before it is refused and changes nothing', async () => {
      const log = await homes.openAt(await homes.newHome());
      const first = await appendRow(log);
      const skipped = { position: 2, hash: first.hash };
      const row = sealRow({ identity: log.identity, head: skipped, body: bytesOf('third'), personal: null });
      await expect(log.append(row)).rejects.toThrow('must follow the head');
      expect(await readAll(log)).toEqual([first]);
      expect(await appendRows(log, 1)).toHaveLength(1);
    });

    test('a row that does not name the hash of the head is refused', async () => {
      const log = await homes.openAt(await homes.newHome());
      await appendRows(log, 1);
      const row = sealRow({
        identity: log.identity,
        head: { ...EMPTY_HEAD, position: 1 },
        body: bytesOf('x'),
        personal: null,
      });
      await expect(log.append(row)).rejects.toThrow('must name the hash');
    });

    test('a row of a megabyte is stored whole', async () => {
      const log = await homes.openAt(await homes.newHome());
      const body = Uint8Array.from({ length: 1_048_576 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
      const row = await appendRow(log, { body, personal: body.slice(1) });
      const [stored] = await readAll(log);
      expect(Buffer.compare(stored?.body ?? bytesOf(''), body)).toBe(0);
      expect(Buffer.compare(stored?.personal ?? bytesOf(''), body.slice(1))).toBe(0);
      expect(stored?.hash).toEqual(row.hash);
    });
  });
}
