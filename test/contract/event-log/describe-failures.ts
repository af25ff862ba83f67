import { describe, expect, test } from 'vitest';

import { sealRow } from '#src/journal/hash-chain.ts';
import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import type { LogHomes } from '#test/contract/event-log/log-homes.ts';
import { appendRows, bytesOf, readAll } from '#test/support/event-log/log-rows.ts';

export function describeFailures(name: string, homes: LogHomes): void {
  describe(`${name}: failing commits`, () => {
    test.each(['lost', 'kept'] as const)(
      'after a failed commit whose row was %s, reopening shows what is there',
      async (outcome) => {
        const home = await homes.newHome();
        const before = await homes.openAt(home);
        const rows = await appendRows(before, 2);
        const unsure = sealRow({
          identity: before.identity,
          head: await before.head(),
          body: bytesOf('unsure'),
          personal: null,
        });
        home.failNextCommit(outcome);
        await expect(before.append(unsure)).rejects.toBeInstanceOf(CommitOutcomeUnknown);
        await expect(before.append(unsure)).rejects.toThrow('opened again');
        await before.close();

        const log = await homes.openAt(home);
        const expected = outcome === 'kept' ? [...rows, unsure] : rows;
        expect(await readAll(log)).toEqual(expected);
        const more = await appendRows(log, 2);
        await log.close();
        expect(await readAll(await homes.openAt(home))).toEqual([...expected, ...more]);
      },
    );

    test('a full device acknowledges nothing, keeps no half row, and works again when there is space', async () => {
      const home = await homes.newHome();
      const before = await homes.openAt(home);
      const rows = await appendRows(before, 2);
      home.setFull(true);
      const failure = await appendRows(before, 1, 100_000).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(CommitOutcomeUnknown);
      expect(failure).toMatchObject({ fault: 'full', retryable: true });
      await before.close();
      home.setFull(false);
      const log = await homes.openAt(home);
      expect(await readAll(log)).toEqual(rows);
      await appendRows(log, 1, 100_000);
      expect((await log.head()).position).toBe(3);
    });

    test('errors name their fault and whether trying again can help', () => {
      expect(new EventLogError('damaged', 'x').retryable).toBe(false);
      expect(new CommitOutcomeUnknown('io', 'x')).toMatchObject({
        name: 'CommitOutcomeUnknown',
        retryable: true,
      });
    });
  });
}
