/**
 * Sends commands to the inputs of shards. What comes while a request is under way goes with the next
 * one: a request costs the broker much the same whether it carries one command or a thousand.
 */
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import type { CommandTransport, SentCommand } from '#src/ports/command-transport.ts';
import { commandRecord, type ReplyAddress } from './command-record.ts';

export interface KafkaCommandTransportSettings {
  readonly kafka: Kafka;
  /** The topic `commands`. */
  readonly topic: string;
  /** Where replies go. */
  readonly replyTo: Omit<ReplyAddress, 'number'>;
}

/** All replicas that are in step have it. */
const ACKS_ALL = -1;
/** Commands in one request; about a megabyte of payments. */
const SENT_AT_ONCE_MAX = 1_024;

interface Queued {
  readonly command: SentCommand;
  readonly sent: SentBatch;
}

/** What one call of `send` waits for. */
interface SentBatch {
  left: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class KafkaCommandTransport implements CommandTransport {
  readonly #settings: KafkaCommandTransportSettings;
  readonly #producer: Producer;
  #queue: Queued[] = [];
  #isSending = false;

  private constructor(settings: KafkaCommandTransportSettings, producer: Producer) {
    this.#settings = settings;
    this.#producer = producer;
  }

  static async open(settings: KafkaCommandTransportSettings): Promise<KafkaCommandTransport> {
    const producer = settings.kafka.producer({
      allowAutoTopicCreation: false,
      // Never asked: every message names its partition.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
    await producer.connect();
    return new KafkaCommandTransport(settings, producer);
  }

  send(commands: readonly SentCommand[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const sent = { left: commands.length, resolve, reject };
      for (const command of commands) this.#queue.push({ command, sent });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async close(): Promise<void> {
    await this.#producer.disconnect();
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    while (this.#queue.length > 0) {
      const queued = this.#queue.splice(0, SENT_AT_ONCE_MAX);
      try {
        await this.#sendOnce(queued);
        for (const { sent } of queued) if (--sent.left === 0) sent.resolve();
      } catch (error) {
        for (const { sent } of queued) sent.reject(error);
      }
    }
    this.#isSending = false;
  }

  async #sendOnce(queued: readonly Queued[]): Promise<void> {
    const { topic, replyTo } = this.#settings;
    const messages = queued.map(({ command: { shard, number, envelope } }): Message => ({
      ...commandRecord(envelope, { ...replyTo, number }),
      partition: shard,
    }));
    await this.#producer.send({ topic, acks: ACKS_ALL, messages });
  }
}
