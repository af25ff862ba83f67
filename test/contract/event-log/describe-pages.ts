import { describe, expect, test } from 'vitest';

import type { LogHomes } from '#test/contract/event-log/log-homes.ts';
import { appendRow, appendRows } from '#test/support/event-log/log-rows.ts';

export function describePages(name: string, homes: LogHomes): void {
  describe(`${name}: pages`, () => {
    test('a page ends at its limit of rows, and at its limit of bytes after at least one row', async () => {
      const log = await homes.openAt(await homes.newHome());
      const rows = await appendRows(log, 6, 1_000);
      expect(await log.read({ from: 2, maxRows: 3 })).toEqual(rows.slice(1, 4));
      expect(await log.read({ from: 2, maxBytes: 1 })).toEqual(rows.slice(1, 2));
      expect(await log.read({ from: 1, maxBytes: 3_000 })).toEqual(rows.slice(0, 2));
      expect(await log.read({ from: 7 })).toEqual([]);
    });

    test('personal parts are left out when they are not asked for', async () => {
      const log = await homes.openAt(await homes.newHome());
      const row = await appendRow(log);
      expect(await log.read({ from: 1, withPersonal: false })).toEqual([{ ...row, personal: null }]);
    });
  });
}
