/**
 * Places for logs at the shared broker: partitions of one set of topics, each with a mirror in a folder of
 * its own. Commits fail on request, before the broker has them or after.
 */
import { join } from 'node:path';

import { openKafkaEventLog } from '#src/adapters/kafka/kafka-event-log.ts';
import { PartitionReads } from '#src/adapters/kafka/partition-reads.ts';
import { TransactionalWriter, type WriterSettings } from '#src/adapters/kafka/transactional-writer.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { discardSqliteLogMirror, openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import { CommitOutcomeUnknown } from '#src/ports/event-log-error.ts';
import type { LogIdentity } from '#src/ports/event-log.ts';
import type { LogHome } from '#test/contract/event-log/log-homes.ts';
import { makeTestTopics, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { makeTemporaryFolder } from '#test/support/temporary-folder.ts';

export interface KafkaLogHome extends LogHome {
  readonly partition: number;
  /** Throws the mirror away, as on a machine that never had it. */
  dropMirror(): void;
}

export interface KafkaLogHomes {
  readonly test: TestTopics;
  readonly reads: PartitionReads;
  create(): Promise<KafkaLogHome>;
  close(): Promise<void>;
}

export async function openKafkaLogHomes(partitions: number): Promise<KafkaLogHomes> {
  const test = await makeTestTopics(partitions);
  const { kafka, topics, prefix } = test;
  const reads = await PartitionReads.open({
    kafka,
    groupId: `${prefix}.homes`,
    isAlone: true,
    topics: [topics.events, topics.personal],
  });
  let next = 0;
  return {
    test,
    reads,
    create: () => createHome(test, reads, next++),
    close: () => reads.close(),
  };
}

async function createHome(
  { kafka, topics, prefix }: TestTopics,
  reads: PartitionReads,
  partition: number,
): Promise<KafkaLogHome> {
  const folder = await makeTemporaryFolder();
  const path = join(folder.path, 'mirror.db');
  const faults: Faults = { next: null, full: false };
  /** What the ledger's own topic says. */
  let recorded: LogIdentity | undefined;
  const open = openKafkaEventLog({
    kafka,
    topics,
    prefix,
    shard: partition,
    groupId: `${prefix}.owners`,
    reads,
    openMirror: (identity) => openSqliteLogMirror(path, identity),
    discardMirror: () => discardSqliteLogMirror(path),
    openWriter: (settings) => openFailingWriter(settings, faults),
  });
  return {
    partition,
    scrubsAtOnce: false,
    open: (identityIfNew) => open((recorded ??= identityIfNew)),
    openReader: () => openSqliteEventLogReader(path),
    failNextCommit: (outcome) => (faults.next = outcome),
    setFull: (full) => (faults.full = full),
    dropMirror: () => discardSqliteLogMirror(path),
    remove: () => folder.remove(),
  };
}

interface Faults {
  /** The next commit reports an error, and has happened or has not. */
  next: 'lost' | 'kept' | null;
  full: boolean;
}

async function openFailingWriter(settings: WriterSettings, faults: Faults) {
  const writer = await TransactionalWriter.open(settings);
  return {
    async commit(change: Parameters<TransactionalWriter['commit']>[0]) {
      const fault = faults.full ? 'lost' : faults.next;
      faults.next = null;
      const placed = fault === 'lost' ? [] : await writer.commit(change);
      if (fault !== null) throw new CommitOutcomeUnknown(faults.full ? 'full' : 'io', 'the answer was lost');
      return placed;
    },
    close: () => writer.close(),
  };
}
