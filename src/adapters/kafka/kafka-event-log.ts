/**
 * The log of one shard as a partition of `events`, with its personal parts beside it in `personal`.
 *
 * Opening it shuts out whoever had it open, then brings the local mirror to the end of the partition;
 * reads are reads of the mirror. A row is one transaction: the row, its personal part, what it tells other
 * shards and other systems, and the group's copy of its inputs are there together, or not at all.
 *
 * Erased bytes stay on the broker's disks until it compacts the topic (`prepare-topics.ts` says when).
 */
import assert from 'node:assert/strict';
import type { Kafka, Message, TopicMessages } from 'kafkajs';
import { CommitOutcomeUnknown, EventLogError } from '#src/ports/event-log-error.ts';
import type {
  EventLog,
  LogHead,
  LogIdentity,
  LogRow,
  OpenEventLog,
  PersonalTransform,
  RowSending,
} from '#src/ports/event-log.ts';
import { MAX_ERASED_ROWS } from '#src/ports/event-log.ts';
import type { LogMirror, MirroredPersonal } from '#src/ports/log-mirror.ts';
import { MirrorDivergedError, MirrorIntake } from './mirror-intake.ts';
import { OffsetLostError, type PartitionReads } from './partition-reads.ts';
import { paymentChangeRecord } from './payment-change-record.ts';
import { personalRecord, readPersonalRecord, readRowRecord, rowRecord } from './row-record.ts';
import type { TopicNames } from './topic-names.ts';
import { TransactionalWriter, type Commit, type WriterSettings } from './transactional-writer.ts';

/** Below `max.message.bytes` of the topics, which counts the frame of a record too. */
const ROW_BYTES_MAX = 15 * 1024 * 1024;

export interface KafkaEventLogSettings {
  readonly kafka: Kafka;
  readonly topics: TopicNames;
  readonly shard: number;
  /** What the shard's transactional id begins with. */
  readonly prefix: string;
  /** The group whose members own the shards. */
  readonly groupId: string;
  readonly reads: Pick<PartitionReads, 'readToEnd'>;
  /** Opens the mirror, or makes an empty one. */
  readonly openMirror: (identity: LogIdentity) => LogMirror;
  readonly discardMirror: () => void;
  /** Tests pass one that fails. */
  readonly openWriter?: (settings: WriterSettings) => Promise<Writer>;
}

export type Writer = Pick<TransactionalWriter, 'commit' | 'close'>;

/** The identity that it is given has to be the ledger's: a partition does not say which ledger it is of. */
export function openKafkaEventLog(settings: KafkaEventLogSettings): OpenEventLog {
  const { kafka, prefix, shard, groupId } = settings;
  const openWriter = settings.openWriter ?? ((its) => TransactionalWriter.open(its));
  return async function open(identity) {
    const writer = await openWriter({ kafka, transactionalId: `${prefix}.shard-${shard}`, groupId });
    try {
      return new KafkaEventLog(settings, writer, await mirrorOf(settings, identity));
    } catch (error) {
      await writer.close();
      throw error;
    }
  };
}

/** The mirror with all that the topics have. One that does not continue them is made again, once. */
async function mirrorOf(settings: KafkaEventLogSettings, identity: LogIdentity): Promise<LogMirror> {
  const mirror = settings.openMirror(identity);
  try {
    await copyTail(settings, mirror);
    return mirror;
  } catch (error) {
    await mirror.close();
    const isStale = error instanceof MirrorDivergedError || error instanceof OffsetLostError;
    if (!isStale || mirror.inputs === undefined) throw failureOf(error);
  }
  settings.discardMirror();
  const fresh = settings.openMirror(identity);
  try {
    await copyTail(settings, fresh);
    return fresh;
  } catch (error) {
    await fresh.close();
    throw failureOf(error);
  }
}

/** The rows last: what they need of persons is there then. */
async function copyTail({ topics, shard, reads }: KafkaEventLogSettings, mirror: LogMirror): Promise<void> {
  const intake = await MirrorIntake.open(mirror);
  await reads.readToEnd({
    topic: topics.personal,
    partition: shard,
    from: Number(intake.nextPersonal),
    onMessages: (messages) => {
      const next = Number(messages.at(-1)?.offset) + 1;
      intake.takePersonal(messages.map(readPersonalRecord), String(next));
    },
  });
  await reads.readToEnd({
    topic: topics.events,
    partition: shard,
    from: Number(intake.firstRow),
    onMessages: (messages) => {
      const next = Number(messages.at(-1)?.offset) + 1;
      const rows = messages.map((message) => ({ offset: message.offset, row: readRowRecord(message) }));
      intake.takeRows(rows, String(next));
    },
  });
  if (intake.isWaiting) {
    throw new EventLogError(
      'damaged',
      `shard ${shard}: the personal part of a row is not in ${topics.personal}`,
    );
  }
}

function failureOf(error: unknown): unknown {
  const isTopicFault = error instanceof MirrorDivergedError || error instanceof OffsetLostError;
  return isTopicFault ? new EventLogError('damaged', error.message, { cause: error }) : error;
}

class KafkaEventLog implements EventLog {
  readonly identity: LogIdentity;
  readonly #settings: KafkaEventLogSettings;
  readonly #writer: Writer;
  readonly #mirror: LogMirror;
  #isUsable = true;

  constructor(settings: KafkaEventLogSettings, writer: Writer, mirror: LogMirror) {
    this.identity = mirror.identity;
    this.#settings = settings;
    this.#writer = writer;
    this.#mirror = mirror;
  }

  async head(): Promise<LogHead> {
    this.#assertUsable();
    return this.#mirror.head();
  }

  /** Other work gets its turn between pages, or a long tail would keep the process from saying that it lives. */
  async read(range: Parameters<EventLog['read']>[0]) {
    this.#assertUsable();
    await new Promise((resolve) => setImmediate(resolve));
    return this.#mirror.read(range);
  }

  async append(row: LogRow, sending?: RowSending): Promise<void> {
    this.#assertUsable();
    const head = await this.#mirror.head();
    assert.equal(row.position, head.position + 1, 'a row must follow the head');
    assert(Buffer.compare(row.previousHash, head.hash) === 0, 'a row must name the hash of the head');
    const bytes = Math.max(row.body.length, row.personal?.length ?? 0);
    assert(bytes <= ROW_BYTES_MAX, 'a row is too large');
    const { position, personal } = row;
    const parts = personal === null ? [] : [{ position, parts: personal }];
    await this.#commit({ rows: [row], parts, sending });
  }

  async erasePersonal(positions: readonly number[], transform: PersonalTransform) {
    this.#assertUsable();
    assert(positions.length <= MAX_ERASED_ROWS, 'too many rows for one erasure');
    const parts: MirroredPersonal[] = [];
    for (const position of positions) {
      const [row] = await this.#mirror.read({ from: position, maxRows: 1 });
      if (row?.position !== position || row.personal === null) continue;
      const rest = transform(position, row.personal);
      if (rest === null || Buffer.compare(rest, row.personal) !== 0)
        parts.push({ position, parts: rest ?? new Uint8Array() });
    }
    if (parts.length > 0) await this.#commit({ rows: [], parts, sending: undefined });
    return { changedRows: parts.length, scrubbed: parts.length === 0 };
  }

  async close(): Promise<void> {
    this.#isUsable = false;
    await this.#writer.close();
    await this.#mirror.close();
  }

  #assertUsable(): void {
    assert(this.#isUsable, 'the log must be opened again after an error or a close');
  }

  async #commit(change: Change): Promise<void> {
    this.#isUsable = false;
    const placed = await this.#writer.commit(this.#commitOf(change));
    const { topics } = this.#settings;
    const after = (topic: string, count: number) => {
      const base = Number(placed.find(({ topicName }) => topicName === topic)?.baseOffset ?? -1);
      // The broker does not always say; what is read again is ignored.
      return base < 0 ? undefined : String(base + count);
    };
    const rows = after(topics.events, change.rows.length) ?? this.#mirror.inputs?.rows ?? '0';
    const personal = after(topics.personal, change.parts.length) ?? this.#mirror.inputs?.personal ?? '0';
    try {
      this.#mirror.take({ rows: change.rows, personal: change.parts, inputs: { rows, personal } });
    } catch (error) {
      throw new CommitOutcomeUnknown('io', 'the row stands, and is not in the mirror', { cause: error });
    }
    this.#isUsable = true;
  }

  #commitOf({ rows, parts, sending }: Change): Commit {
    const { topics, shard: partition } = this.#settings;
    const messages = sending?.messages.map(({ target, bytes }) => ({
      partition: target,
      value: Buffer.from(bytes),
    }));
    const records: TopicMessages[] = [
      { topic: topics.events, messages: rows.map((row) => ({ partition, ...rowRecord(row) })) },
      { topic: topics.personal, messages: parts.map((part) => ({ partition, ...personalRecord(part) })) },
      { topic: topics.messages, messages: messages ?? [] },
      { topic: topics.decisions, messages: this.#told(rows, sending) },
    ];
    const { inputs } = sending ?? {};
    return {
      records: records.filter((each) => each.messages.length > 0),
      offsets: inputs
        ? [
            { topic: topics.commands, partition, next: inputs.commands },
            { topic: topics.messages, partition, next: inputs.messages },
          ]
        : [],
    };
  }

  #told(rows: readonly LogRow[], sending: RowSending | undefined): Message[] {
    const place = { ...this.identity, position: rows[0]?.position ?? 0 };
    const { shard: partition } = this.#settings;
    return (sending?.changes ?? []).map((change) => ({
      partition,
      ...paymentChangeRecord(change, place),
    }));
  }
}

interface Change {
  readonly rows: readonly LogRow[];
  readonly parts: readonly MirroredPersonal[];
  readonly sending: RowSending | undefined;
}
