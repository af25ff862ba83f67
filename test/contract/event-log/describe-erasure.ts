import { describe, expect, test } from 'vitest';

import type { LogHomes } from '#test/contract/event-log/log-homes.ts';
import { appendRow, appendRows, bytesOf, readAll } from '#test/support/event-log/log-rows.ts';

export function describeErasure(name: string, homes: LogHomes): void {
  describe(`${name}: erasure`, () => {
    test('an erased personal part is replaced, and nothing else changes', async () => {
      const home = await homes.newHome();
      const log = await homes.openAt(home);
      const [first, second, third] = [await appendRow(log), await appendRow(log), await appendRow(log)];
      const outcome = await log.erasePersonal([2], () => bytesOf('rest'));
      expect(outcome).toEqual({ changedRows: 1, scrubbed: home.scrubsAtOnce });
      expect(await readAll(log)).toEqual([first, { ...second, personal: bytesOf('rest') }, third]);
    });

    test('a part of which nothing remains is gone after a reopening too', async () => {
      const home = await homes.newHome();
      const before = await homes.openAt(home);
      await appendRows(before, 2);
      await before.erasePersonal([1, 2], (position, personal) => (position === 1 ? null : personal));
      await before.close();
      const rows = await readAll(await homes.openAt(home));
      expect(rows.map((row) => row.personal === null)).toEqual([true, false]);
    });

    test('erasing again, or what was never there, changes nothing', async () => {
      const log = await homes.openAt(await homes.newHome());
      await appendRow(log, { body: bytesOf('facts'), personal: null });
      const outcome = await log.erasePersonal([1, 2, 77], () => bytesOf('rest'));
      expect(outcome).toEqual({ changedRows: 0, scrubbed: true });
      const [row] = await log.read({ from: 1 });
      expect(row?.personal).toBeNull();
    });

    test('when one row cannot be transformed, none is changed', async () => {
      const log = await homes.openAt(await homes.newHome());
      const rows = await appendRows(log, 2);
      const failing = log.erasePersonal([1, 2], (position) => {
        if (position === 2) throw new Error('unreadable');
        return null;
      });
      await expect(failing).rejects.toThrow('unreadable');
      expect(await readAll(log)).toEqual(rows);
      expect(await appendRows(log, 1)).toHaveLength(1);
    });
  });
}
