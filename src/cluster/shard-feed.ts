/**
 * Feeds a shard with what stands in its partitions of `commands` and `messages`, from the offsets that
 * its last row says, and sends the replies back. One feed for each time the shard was opened: after a
 * failure what was read and not decided is read again by the next one.
 */
import type { BrokerMessage } from '#src/adapters/kafka/kafka-client.ts';
import { readCommandRecord, replyAddressOf, type ReplyAddress } from '#src/adapters/kafka/command-record.ts';
import type { PartitionReads } from '#src/adapters/kafka/partition-reads.ts';
import type { ReplySender } from '#src/adapters/kafka/reply-sender.ts';
import type { TopicNames } from '#src/adapters/kafka/topic-names.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { RowInputs } from '#src/domain/encoding/row-codec.ts';
import type { FedCommand, Shard, ShardReply } from '#src/shard/shard.ts';
import type { ShardClock } from './broker-clock.ts';

/** Commands read and not answered: four batches. Then the topics rest until half of them are. */
const WAITING_MAX = 4_096;
const WAITING_BYTES_MAX = 16 * 1024 * 1024;

export interface ShardFeedSettings {
  readonly shard: number;
  readonly topics: Pick<TopicNames, 'commands' | 'messages'>;
  readonly reads: PartitionReads;
  readonly replies: Pick<ReplySender, 'send'>;
  readonly clock: ShardClock;
  readonly sink: Pick<Shard, 'feed'>;
  /** A command that nobody can read was left out. */
  readonly onUnreadable: (error: unknown) => void;
  /** What comes next cannot be had: the shard must stop. */
  readonly onLost: (error: Error) => void;
}

interface Waiting {
  readonly address: ReplyAddress | undefined;
  readonly bytes: number;
}

export class ShardFeed {
  readonly #settings: ShardFeedSettings;
  /** In the order in which the shard answers; those before `#answered` are done. */
  #waiting: Waiting[] = [];
  #answered = 0;
  #waitingBytes = 0;
  #position: number;
  #isResting = false;
  #isEnded = false;

  constructor(settings: ShardFeedSettings, position: number) {
    this.#settings = settings;
    this.#position = position;
  }

  /** @throws OffsetLostError when a topic does not have what comes next. */
  async start(inputs: RowInputs): Promise<void> {
    const { topics, shard: partition, reads } = this.#settings;
    for (const input of ['messages', 'commands'] as const) {
      if (this.#isEnded) return;
      await reads.follow({
        topic: topics[input],
        partition,
        from: inputs[input],
        onMessages: (messages) => this.#take(messages, input),
        onLost: (error) => this.#lose(error),
      });
      if (this.#isEnded) this.end();
    }
  }

  /** Nothing of what it has read is handed on any more. */
  end(): void {
    this.#isEnded = true;
    for (const place of this.#places()) this.#settings.reads.stop(place);
  }

  #lose(error: Error): void {
    this.end();
    this.#settings.onLost(error);
  }

  #places() {
    const { topics, shard: partition } = this.#settings;
    return [topics.commands, topics.messages].map((topic) => ({ topic, partition }));
  }

  #take(messages: readonly BrokerMessage[], topic: keyof RowInputs): void {
    if (this.#isEnded) return;
    const commands = messages.flatMap((message) => this.#read(message, topic) ?? []);
    if (this.#isEnded) return;
    this.#settings.sink.feed(commands, this.#reply);
    this.#restOrGoOn();
  }

  #read(message: BrokerMessage, topic: keyof RowInputs): FedCommand | undefined {
    const { clock, onUnreadable } = this.#settings;
    const bytes = message.value?.length ?? 0;
    const address = replyAddressOf(message);
    try {
      const envelope = readCommandRecord(message);
      const problem = topic === 'commands' ? clock.judge(envelope, Number(message.timestamp)) : undefined;
      if (problem) return this.#refuse(address, problem);
      this.#waiting.push({ address, bytes });
      this.#waitingBytes += bytes;
      return { envelope, topic, next: Number(message.offset) + 1, bytes };
    } catch (error) {
      // A message of another shard is money: going on without it would lose it.
      if (topic === 'commands') onUnreadable(error);
      else this.#lose(new Error('a message of another shard cannot be read', { cause: error }));
      return undefined;
    }
  }

  #refuse(address: ReplyAddress | undefined, answer: Answer): undefined {
    if (address) this.#send(address, answer);
  }

  readonly #reply = (reply: ShardReply): void => {
    if (reply.type === 'unavailable') return this.#forget(reply.count);
    this.#position = reply.position;
    for (const [index, answer] of reply.answers.entries()) {
      const address = this.#waiting[this.#answered + index]?.address;
      if (address) this.#send(address, answer);
    }
    this.#forget(reply.answers.length);
    this.#restOrGoOn();
  };

  #send(address: ReplyAddress, answer: Answer): void {
    const { replies, shard } = this.#settings;
    replies.send(address, {
      type: 'answered',
      number: address.number,
      shard,
      position: this.#position,
      answer,
    });
  }

  #forget(count: number): void {
    for (let each = 0; each < count; each++)
      this.#waitingBytes -= this.#waiting[this.#answered++]?.bytes ?? 0;
    if (this.#answered < WAITING_MAX) return;
    this.#waiting = this.#waiting.slice(this.#answered);
    this.#answered = 0;
  }

  #restOrGoOn(): void {
    if (this.#isEnded) return;
    const { reads } = this.#settings;
    const count = this.#waiting.length - this.#answered;
    const fill = Math.max(count / WAITING_MAX, this.#waitingBytes / WAITING_BYTES_MAX);
    if (!this.#isResting && fill >= 1) {
      this.#isResting = true;
      for (const place of this.#places()) reads.pause(place);
    } else if (this.#isResting && fill < 0.5) {
      this.#isResting = false;
      for (const place of this.#places()) reads.resume(place);
    }
  }
}
