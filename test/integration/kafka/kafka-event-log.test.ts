import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { CommitOutcomeUnknown } from '#src/ports/event-log-error.ts';
import { describeEventLog } from '#test/contract/event-log.ts';
import { appendRow, appendRows, bytesOf, readAll, TEST_IDENTITY } from '#test/support/event-log/log-rows.ts';
import { openKafkaLogHomes, type KafkaLogHomes } from '#test/support/kafka/kafka-log-homes.ts';
import { hasTool } from '#test/support/optional-tool.ts';

/** One for each test. */
const PARTITIONS = 40;

describe.skipIf(!hasTool('kafka'))('a log at a broker (needs kafka)', () => {
  let homes: KafkaLogHomes;
  beforeAll(async () => {
    homes = await openKafkaLogHomes(PARTITIONS);
  });
  afterAll(() => homes.close());

  describeEventLog('event log at a broker', () => homes.create());

  test('opened without its mirror has every row and every personal part, erased ones included', async () => {
    const home = await homes.create();
    const log = await home.open(TEST_IDENTITY);
    const rows = [
      ...(await appendRows(log, 3)),
      await appendRow(log, { body: bytesOf('x'), personal: null }),
    ];
    await log.erasePersonal([1], () => bytesOf('rest'));
    await log.erasePersonal([2], () => null);
    await log.close();
    home.dropMirror();
    const again = await home.open(TEST_IDENTITY);
    const [first, second, ...others] = rows;
    expect(await readAll(again)).toEqual([
      { ...first, personal: bytesOf('rest') },
      { ...second, personal: null },
      ...others,
    ]);
    await again.close();
    await home.remove();
  });

  test('shuts out whoever had it open, also where nothing was going on', async () => {
    const home = await homes.create();
    const other = await homes.create();
    const before = await home.open(TEST_IDENTITY);
    const rows = await appendRows(before, 2);
    const after = await home.open(TEST_IDENTITY);
    const unwanted = await appendRows(before, 1).catch((error: unknown) => error);
    expect(unwanted).toBeInstanceOf(CommitOutcomeUnknown);
    expect(unwanted).toMatchObject({ fault: 'fenced', retryable: false });
    expect(await readAll(after)).toEqual(rows);
    expect(await appendRows(after, 1)).toHaveLength(1);
    await before.close();
    await after.close();
    await other.remove();
    await home.remove();
  });
});
