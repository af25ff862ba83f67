import { join } from 'node:path';
import { Partitioners, type Producer } from 'kafkajs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLogStorage, openMemoryEventLog } from '#src/adapters/memory/memory-event-log.ts';
import { openLogFollower, type LogFollower } from '#src/adapters/kafka/log-follower.ts';
import { personalRecord, rowRecord } from '#src/adapters/kafka/row-record.ts';
import { openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import type { LogIdentity, LogRow } from '#src/ports/event-log.ts';
import { appendRows, bytesOf, readAll } from '#test/support/event-log/log-rows.ts';
import { makeTestTopics, SILENT, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { hasTool } from '#test/support/optional-tool.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const SHARDS = 2;
const ROWS = 40;

function identityOf(shard: number): LogIdentity {
  return { ledgerId: 'followed', shard };
}

async function rowsOf(shard: number): Promise<readonly LogRow[]> {
  return appendRows(await openMemoryEventLog(new MemoryLogStorage())(identityOf(shard)), ROWS);
}

/** One transaction for each row, as its shard's owner makes them. */
async function produce(
  { producer, topics }: { producer: Producer; topics: TestTopics['topics'] },
  shard: number,
  rows: readonly LogRow[],
): Promise<void> {
  for (const row of rows) {
    const transaction = await producer.transaction();
    const { position, personal } = row;
    await transaction.send({ topic: topics.events, messages: [{ ...rowRecord(row), partition: shard }] });
    if (personal) {
      const message = { ...personalRecord({ position, parts: personal }), partition: shard };
      await transaction.send({ topic: topics.personal, messages: [message] });
    }
    await transaction.commit();
  }
}

describe.skipIf(!hasTool('kafka'))('mirrors that follow a broker (needs kafka)', () => {
  let folder: TemporaryFolder;
  let test: TestTopics;
  let producer: Producer;
  let target: { producer: Producer; topics: TestTopics['topics'] };
  let follower: LogFollower | undefined;
  beforeEach(async () => {
    folder = await makeTemporaryFolder();
    test = await makeTestTopics(SHARDS);
    producer = test.kafka.producer({
      transactionalId: `${test.prefix}.rows`,
      idempotent: true,
      maxInFlightRequests: 1,
      // The broker is busy with the last transaction for a moment, on a busy machine for longer.
      retry: { initialRetryTime: 5, maxRetryTime: 250, retries: 40 },
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    target = { producer, topics: test.topics };
  });
  afterEach(async () => {
    await follower?.close();
    await producer.disconnect();
    await folder.remove();
  });

  const pathOf = (shard: number) => join(folder.path, `mirror-${shard}.db`);

  /** Follows until every mirror is at that position, then stops. */
  async function followTo(position: number, group: string): Promise<void> {
    const at = Array.from({ length: SHARDS }, () => 0);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    follower = await openLogFollower({
      kafka: test.kafka,
      topics: test.topics,
      groupId: `${test.prefix}.${group}`,
      mirrors: at.map((_, shard) => openSqliteLogMirror(pathOf(shard), identityOf(shard))),
      onPosition: (shard, reached) => {
        at[shard] = reached;
        if (at.every((each) => each >= position)) resolve();
      },
      onDiverged: reject,
      log: SILENT,
    });
    await promise;
    await follower.close();
    follower = undefined;
  }

  async function mirrored(shard: number): Promise<readonly LogRow[]> {
    const reader = await openSqliteEventLogReader(pathOf(shard));
    const rows = await readAll(reader);
    await reader.close();
    return rows;
  }

  it('hold every row and personal part of every shard, also after a restart in the middle', async () => {
    const rows = await Promise.all([rowsOf(0), rowsOf(1)]);
    for (const [shard, all] of rows.entries()) await produce(target, shard, all.slice(0, ROWS / 2));
    await followTo(ROWS / 2, 'first');
    for (const [shard, all] of rows.entries()) await produce(target, shard, all.slice(ROWS / 2));
    await followTo(ROWS, 'second');
    for (const [shard, all] of rows.entries()) expect(await mirrored(shard)).toEqual(all);
  });

  it('do not show what a transaction took back', async () => {
    const rows = await Promise.all([rowsOf(0), rowsOf(1)]);
    const transaction = await producer.transaction();
    const forged = { ...rows[0]?.[0], body: bytesOf('forged') } as LogRow;
    await transaction.send({ topic: test.topics.events, messages: [{ ...rowRecord(forged), partition: 0 }] });
    await transaction.abort();
    for (const [shard, all] of rows.entries()) await produce(target, shard, all.slice(0, 2));
    await followTo(2, 'reader');
    expect(await mirrored(0)).toEqual(rows[0]?.slice(0, 2));
  });

  it('say so when the broker has another log than they', async () => {
    await produce(target, 0, await rowsOf(1));
    await expect(followTo(1, 'reader')).rejects.toThrow('shard 0: row 1 does not continue row 0');
  });
});
