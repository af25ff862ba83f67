/**
 * Sends replies to the processes that wait for them, after what they say is durable and outside of the
 * transaction that made it so. What comes while a request is under way goes with the next one. A reply
 * that is lost is repaired by whoever waits: it repeats its command.
 */
import { Partitioners, type Kafka, type Message, type Producer } from 'kafkajs';
import type { ShardsReply } from '#src/ports/command-transport.ts';
import type { ReplyAddress } from './command-record.ts';
import { replyRecord } from './reply-record.ts';

/** Replies that wait to be sent; those beyond are left out, since who waits for them asks again. */
const WAITING_MAX = 65_536;
/** Not worth more: the same command again brings the same reply. */
const RETRY = { initialRetryTime: 20, maxRetryTime: 500, retries: 3 };

export interface ReplySenderSettings {
  readonly kafka: Kafka;
  readonly topic: string;
  /** Replies were lost. */
  readonly onFailure: (error: unknown, count: number) => void;
}

export class ReplySender {
  readonly #settings: ReplySenderSettings;
  readonly #producer: Producer;
  #waiting: Message[] = [];
  #sending: Promise<void> | undefined;

  private constructor(settings: ReplySenderSettings) {
    this.#settings = settings;
    this.#producer = settings.kafka.producer({
      allowAutoTopicCreation: false,
      retry: RETRY,
      // Never asked: every message names its partition.
      createPartitioner: Partitioners.DefaultPartitioner,
    });
  }

  static async open(settings: ReplySenderSettings): Promise<ReplySender> {
    const sender = new ReplySender(settings);
    await sender.#producer.connect();
    return sender;
  }

  send(address: ReplyAddress, reply: ShardsReply): void {
    if (this.#waiting.length >= WAITING_MAX) return;
    this.#waiting.push(replyRecord(address, reply));
    this.#sending ??= this.#sendAll();
  }

  /** Sends what waits. */
  async close(): Promise<void> {
    await this.#sending;
    await this.#producer.disconnect();
  }

  /** Begins in the next turn, so that the replies of a batch go together. */
  async #sendAll(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const messages = this.#waiting;
      this.#waiting = [];
      try {
        await this.#producer.send({ topic: this.#settings.topic, acks: 1, messages });
      } catch (error) {
        this.#settings.onFailure(error, messages.length);
      }
    }
    this.#sending = undefined;
  }
}
