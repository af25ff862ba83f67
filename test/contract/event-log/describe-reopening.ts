import { describe, expect, test } from 'vitest';

import type { LogHomes } from '#test/contract/event-log/log-homes.ts';
import { appendRows, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';

export function describeReopening(name: string, homes: LogHomes): void {
  describe(`${name}: reopening and reading`, () => {
    test('a log opened again has every row, its identity and its head, and goes on from there', async () => {
      const home = await homes.newHome();
      const before = await homes.openAt(home);
      const rows = await appendRows(before, 3);
      await before.close();
      const log = await home.open({ ledgerId: 'another', shard: 9 });
      homes.closeLater(log);
      expect(log.identity).toEqual(TEST_IDENTITY);
      expect(await log.head()).toEqual({ position: 3, hash: rows[2]?.hash });
      const more = await appendRows(log, 1);
      expect(await readAll(log)).toEqual([...rows, ...more]);
    });

    test('a reader beside the writer sees each row once it is committed', async () => {
      const home = await homes.newHome();
      const log = await homes.openAt(home);
      const rows = await appendRows(log, 2);
      const reader = await homes.readerAt(home);
      expect(reader.identity).toEqual(TEST_IDENTITY);
      expect(await readAll(reader)).toEqual(rows);
      const more = await appendRows(log, 2);
      expect(await reader.read({ from: 3 })).toEqual(more);
      expect((await reader.head()).position).toBe(4);
    });

    test('a closed log refuses to append', async () => {
      const log = await homes.openAt(await homes.newHome());
      await log.close();
      await expect(appendRows(log, 1)).rejects.toThrow('opened again');
    });
  });
}
