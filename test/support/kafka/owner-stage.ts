/**
 * One partition at the shared broker and owners for it: the product's own, on a state in memory, with a
 * small decision that needs no model. Each owner has a group of its own, so that each of them believes
 * that the partition is its own: the worst that a group can bring about.
 */
import { join } from 'node:path';

import { KafkaCommandTransport } from '#src/adapters/kafka/kafka-command-transport.ts';
import { openKafkaEventLog, type Writer } from '#src/adapters/kafka/kafka-event-log.ts';
import { PartitionReads } from '#src/adapters/kafka/partition-reads.ts';
import { TransactionalWriter, type WriterSettings } from '#src/adapters/kafka/transactional-writer.ts';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import { discardSqliteLogMirror, openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import { BrokerClock } from '#src/cluster/broker-clock.ts';
import { PartitionOwner } from '#src/cluster/partition-owner.ts';
import { readPolicy } from '#src/decision/read-policy.ts';
import { assetTable } from '#src/domain/asset.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import type { ShardParts } from '#src/shard/open-shard.ts';
import { readAll } from '#test/support/event-log/log-rows.ts';
import { envelopeOf, EPOCH_MS, TEST_POLICY } from '#test/support/flow-harness.ts';
import { makeTestTopics, SILENT, type TestTopics } from '#test/support/kafka/test-topics.ts';
import { openHistories, policyOf } from '#test/support/shard-harness.ts';
import { STUB_KEYER } from '#test/support/stub-features.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '#test/support/temporary-folder.ts';

const FEATURE_COUNT = 2;
const IDENTITY = { ledgerId: 'ledger-of-owners', shard: 0 };

export interface OwnerOptions {
  /** Stands between the owner and the broker. */
  readonly openWriter?: (settings: WriterSettings) => Promise<Writer>;
  /** Runs when the former owner is shut out and nothing was read yet. */
  readonly beforeTail?: () => Promise<void>;
}

export interface StageOwner {
  readonly owner: PartitionOwner;
  /** Why it ended by itself. */
  readonly ended: Promise<Error>;
  stop(): Promise<void>;
}

export class OwnerStage {
  readonly test: TestTopics;
  /** What owners have answered, by the number of the command; the newest first where there are two. */
  readonly replies = new Map<number, ShardsReply[]>();
  readonly #folder: TemporaryFolder;
  readonly #transport: KafkaCommandTransport;
  readonly #cleanups: (() => Promise<void>)[] = [];
  #owners = 0;
  #sent = 0;
  #watchers: (() => void)[] = [];

  private constructor(test: TestTopics, folder: TemporaryFolder, transport: KafkaCommandTransport) {
    this.test = test;
    this.#folder = folder;
    this.#transport = transport;
  }

  static async open(): Promise<OwnerStage> {
    const test = await makeTestTopics(1);
    const replyTo = { instance: 'stage', partition: 0 };
    const transport = await KafkaCommandTransport.open({
      kafka: test.kafka,
      topic: test.topics.commands,
      replyTo,
    });
    return new OwnerStage(test, await makeTemporaryFolder(), transport);
  }

  /** Gives the numbers under which the commands will be answered. */
  async send(...commands: readonly Command[]): Promise<readonly number[]> {
    return this.sendEnvelopes(commands.map((command) => envelopeOf(command)));
  }

  async sendEnvelopes(envelopes: readonly CommandEnvelope[]): Promise<readonly number[]> {
    const sent = envelopes.map((envelope) => ({ shard: 0, number: ++this.#sent, envelope }));
    await this.#transport.send(sent);
    return sent.map(({ number }) => number);
  }

  /** Settles when all of them are answered. */
  async answered(numbers: readonly number[]): Promise<readonly ShardsReply[]> {
    while (numbers.some((number) => !this.replies.has(number)))
      await new Promise<void>((resolve) => this.#watchers.push(resolve));
    return numbers.flatMap((number) => this.replies.get(number)?.[0] ?? []);
  }

  async startOwner(options: OwnerOptions = {}): Promise<StageOwner> {
    const { kafka, topics, prefix } = this.test;
    const name = `owner-${this.#owners++}`;
    const reads = await PartitionReads.open({
      kafka,
      groupId: `${prefix}.${name}`,
      isAlone: true,
      topics: [topics.commands, topics.messages, topics.events, topics.personal],
    });
    let end: (error: Error) => void = () => undefined;
    const ended = new Promise<Error>((resolve) => (end = resolve));
    const owner = new PartitionOwner({
      shard: 0,
      topics,
      reads,
      replies: { send: (_, reply) => this.#note(reply) },
      clock: new BrokerClock({ now: () => EPOCH_MS, elapsed: () => performance.now() }),
      parts: this.#partsOf(name, reads, options),
      activate: () => Promise.resolve(),
      onHead: () => undefined,
      onEnded: (error) => end(error),
      log: SILENT,
    });
    owner.start();
    let isStopped = false;
    const stop = async () => {
      if (isStopped) return;
      isStopped = true;
      await owner.stop();
      await reads.close();
    };
    this.#cleanups.push(stop);
    return { owner, ended, stop };
  }

  /** All rows that are in the log, as a further owner finds them; shuts out whoever has it. */
  async rows(): Promise<readonly LogRow[]> {
    const { kafka, topics, prefix } = this.test;
    const reads = await PartitionReads.open({
      kafka,
      groupId: `${prefix}.rows-${this.#owners++}`,
      isAlone: true,
      topics: [topics.events, topics.personal],
    });
    const log = await this.#logOpener(`rows-${this.#owners}`, reads, {})(IDENTITY);
    const rows = await readAll(log);
    await log.close();
    await reads.close();
    return rows;
  }

  async close(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0)) await cleanup();
    await this.#transport.close();
    await this.#folder.remove();
  }

  #note(reply: ShardsReply): void {
    this.replies.set(reply.number, [reply, ...(this.replies.get(reply.number) ?? [])]);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  #logOpener(name: string, reads: PartitionReads, { openWriter, beforeTail }: OwnerOptions) {
    const { kafka, topics, prefix } = this.test;
    const path = join(this.#folder.path, `${name}.db`);
    return openKafkaEventLog({
      kafka,
      topics,
      prefix,
      shard: 0,
      groupId: `${prefix}.workers`,
      reads: {
        async readToEnd(read) {
          await beforeTail?.();
          await reads.readToEnd(read);
        },
      },
      openMirror: (identity) => openSqliteLogMirror(path, identity),
      discardMirror: () => discardSqliteLogMirror(path),
      openWriter: openWriter ?? ((its) => TransactionalWriter.open(its)),
    });
  }

  #partsOf(name: string, reads: PartitionReads, options: OwnerOptions): ShardParts {
    const written = { position: 0, attempts: new Map<string, number>() };
    const store = createMemoryStateStore();
    const openLog = this.#logOpener(name, reads, options);
    return {
      openLog: () => openLog(IDENTITY),
      openStore: () => Promise.resolve(store),
      discardStores: () => store.clear(),
      openFeatures: () => Promise.resolve(openHistories(written)),
      assets: assetTable(),
      keyer: STUB_KEYER,
      scorer: {
        model: 'nothing@1',
        featureCount: FEATURE_COUNT,
        score: (_, rows) => ({ probabilities: new Float32Array(rows).fill(0.01), degraded: false }),
        explain: (_, rows) => Array.from({ length: rows }, () => []),
      },
      words: { name: () => 'amount', value: String, sentence: () => 'the amount' },
      readPolicy: (document) => readPolicy(document, []),
      initialPolicy: policyOf(TEST_POLICY),
      openOnFirstUse: true,
      accountsCachedMax: 64,
      nowMicros: () => 0,
      onRecovered: () => undefined,
    };
  }
}
