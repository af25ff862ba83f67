/**
 * The log of one shard while a ledger is moved into it: takes rows that were made elsewhere, many in one
 * transaction. Rows that are there already are not written again, so whoever begins anew passes the same rows.
 */
import { randomUUID } from 'node:crypto';
import type { Kafka, TopicMessages } from 'kafkajs';
import { EMPTY_HEAD, type LogHead, type LogRow } from '#src/ports/event-log.ts';
import { PartitionReads } from './partition-reads.ts';
import { personalRecord, readRowRecord, rowRecord } from './row-record.ts';
import type { TopicNames } from './topic-names.ts';
import { TransactionalWriter } from './transactional-writer.ts';

export interface MovedLogSettings {
  readonly kafka: Kafka;
  readonly topics: Pick<TopicNames, 'events' | 'personal'>;
  readonly shard: number;
  readonly prefix: string;
  /** The group whose members own the shards. */
  readonly groupId: string;
}

/** The rows that are there are not a beginning of those that it is given. */
export class OtherRowsError extends Error {
  override readonly name = 'OtherRowsError';
  readonly retryable = false;

  constructor(shard: number, position: number) {
    super(`shard ${shard} has a row ${position} that is not of this ledger: its topics have to be empty`);
  }
}

export class MovedLog {
  readonly #settings: MovedLogSettings;
  readonly #writer: TransactionalWriter;
  /** What was there when it was opened. */
  readonly found: LogHead;

  private constructor(settings: MovedLogSettings, writer: TransactionalWriter, found: LogHead) {
    this.#settings = settings;
    this.#writer = writer;
    this.found = found;
  }

  /** Shuts out whoever wrote there before. @throws EventLogError when the broker cannot be reached. */
  static async open(settings: MovedLogSettings): Promise<MovedLog> {
    const { kafka, prefix, shard, groupId } = settings;
    const transactionalId = `${prefix}.shard-${shard}`;
    const writer = await TransactionalWriter.open({ kafka, transactionalId, groupId });
    try {
      return new MovedLog(settings, writer, await lastRow(settings));
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /**
   * The next rows, in one transaction.
   * @throws OtherRowsError when what is there is something else; CommitOutcomeUnknown on any failure: begin again then.
   */
  async append(rows: readonly LogRow[]): Promise<void> {
    const { topics, shard: partition } = this.#settings;
    for (const row of rows) this.#checkFound(row);
    const missing = rows.filter(({ position }) => position > this.found.position);
    const parts = missing.flatMap(({ position, personal }) =>
      personal === null ? [] : [{ position, parts: personal }],
    );
    const records: TopicMessages[] = [
      { topic: topics.events, messages: missing.map((row) => ({ partition, ...rowRecord(row) })) },
      { topic: topics.personal, messages: parts.map((part) => ({ partition, ...personalRecord(part) })) },
    ];
    if (missing.length === 0) return;
    await this.#writer.commit({
      records: records.filter(({ messages }) => messages.length > 0),
      offsets: [],
    });
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  /** Hashes are chained: if the last row that was found is the same, so are all before it. */
  #checkFound({ position, hash }: LogRow): void {
    if (position === this.found.position && Buffer.compare(hash, this.found.hash) !== 0)
      throw new OtherRowsError(this.#settings.shard, position);
  }
}

async function lastRow({ kafka, topics, shard }: MovedLogSettings): Promise<LogHead> {
  const reads = await PartitionReads.open({
    kafka,
    groupId: `${topics.events}.${randomUUID()}`,
    topics: [topics.events],
    isAlone: true,
  });
  let last: LogHead = EMPTY_HEAD;
  try {
    await reads.readToEnd({
      topic: topics.events,
      partition: shard,
      from: 0,
      onMessages: (messages) => {
        const newest = messages.at(-1);
        if (!newest) return;
        const { position, hash } = readRowRecord(newest);
        last = { position, hash };
      },
    });
  } finally {
    await reads.close();
  }
  return last;
}
