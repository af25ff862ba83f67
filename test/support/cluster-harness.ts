/**
 * A ledger in several shards, all in memory: each shard's rows are its log, and messages wait between
 * each pair of shards until a test lets them through, in any interleaving and any number of times.
 */
import { routeOf } from '#src/domain/command-route.ts';
import type { ShardMessage } from '#src/domain/shard-message.ts';
import type { Answer } from '#src/domain/answer.ts';
import type { Command, CommandEnvelope } from '#src/domain/commands.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { commandEnvelope } from '#src/domain/encoding/command-codec.ts';
import { outgoingMessages } from '#src/domain/encoding/outgoing-messages.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { encodePersonalParts, encodeRow } from '#src/domain/encoding/row-codec.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { shardOfAccount } from '#src/domain/shard-place.ts';
import { EPOCH_MS, envelopeOf, flowHarness, type FlowHarness } from '#test/support/flow-harness.ts';
import { dumpOf } from '#test/support/shard-dump.ts';

/** What one shard has sent to another, and how much of it the other has taken. */
interface Channel {
  readonly source: number;
  readonly target: number;
  readonly sent: Uint8Array[];
  taken: number;
}

export class ClusterHarness {
  readonly count: number;
  readonly channels: readonly Channel[];
  now: number = EPOCH_MS;
  readonly #openOnFirstUse: boolean;
  readonly #shards: FlowHarness[];

  constructor(count: number, options: { openOnFirstUse?: boolean } = {}) {
    this.count = count;
    this.#openOnFirstUse = options.openOnFirstUse ?? false;
    this.#shards = Array.from({ length: count }, (_, index) => this.#newShard(index));
    this.channels = this.#shards.flatMap((_, source) =>
      this.#shards.map((__, target) => ({ source, target, sent: [], taken: 0 })),
    );
  }

  shard(index: number): FlowHarness {
    const shard = this.#shards[index];
    if (!shard) throw new Error(`there is no shard ${index}`);
    return shard;
  }

  /** An account of that name that the shard owns. */
  accountIn(index: number, name: string): string {
    for (let number = 0; ; number++) {
      const id = `${name}.${number}`;
      if (shardOfAccount(id, this.count) === index) return id;
    }
  }

  async run(index: number, ...commands: readonly Command[]): Promise<readonly Answer[]> {
    return this.#take(
      index,
      commands.map((command) => envelopeOf(command, this.now)),
    );
  }

  /** Sends the command to its shard, or to all where only the home of its payment can take it. */
  async route(command: Command): Promise<void> {
    const route = routeOf(command, this.count);
    const all = Array.from({ length: this.count }, (_, index) => index);
    for (const index of route.type === 'shard' ? [route.shard] : all) await this.run(index, command);
  }

  /** What was sent and not taken yet, from one shard to another. */
  outstanding(source: number, target: number): readonly ShardMessage[] {
    const { sent, taken } = this.channel(source, target);
    return sent.slice(taken).flatMap((bytes) => {
      const { command } = received(bytes);
      return command.type === 'ReceiveMessage' ? [command.message] : [];
    });
  }

  /** Lets the next message through; false when there is none. */
  async deliver({ source, target }: Pick<Channel, 'source' | 'target'>): Promise<boolean> {
    const channel = this.channel(source, target);
    const next = channel.sent[channel.taken];
    if (!next) return false;
    channel.taken++;
    await this.#take(target, [received(next)]);
    return true;
  }

  /** Lets a message through once more that was taken before. */
  async repeat({ source, target }: Pick<Channel, 'source' | 'target'>, which: number): Promise<void> {
    const { sent, taken } = this.channel(source, target);
    const again = taken > 0 ? sent[which % taken] : undefined;
    if (again) await this.#take(target, [received(again)]);
  }

  /** Lets everything through until nothing moves. */
  async settle(): Promise<void> {
    for (let moved = true; moved;) {
      moved = false;
      for (const channel of this.channels) while (await this.deliver(channel)) moved = true;
    }
  }

  /** Throws the shard's memory away and applies its rows again; messages come again from the first. */
  async restore(index: number): Promise<void> {
    const { results } = this.shard(index);
    const restored = this.#newShard(index);
    for (const result of results) restored.adopt(result);
    this.#shards[index] = restored;
    for (const channel of this.channels) {
      if (channel.target !== index) continue;
      for (let which = 0; which < channel.taken; which++) await this.repeat(channel, which);
    }
  }

  channel(source: number, target: number): Channel {
    const channel = this.channels[source * this.count + target];
    if (!channel) throw new Error(`there is no channel from ${source} to ${target}`);
    return channel;
  }

  /** The shard's log; its hashes are empty. */
  rowsOf(index: number): readonly LogRow[] {
    const hash = new Uint8Array();
    return this.shard(index).results.map(({ records, personal }, row) => ({
      position: row + 1,
      previousHash: hash,
      hash,
      body: encodeRow(records),
      personal: encodePersonalParts(personal),
    }));
  }

  recordsOf(index: number): readonly CommandRecord[] {
    return this.shard(index).records;
  }

  dumpOf(index: number): ReadonlyMap<string, string> {
    return dumpOf(this.shard(index).shard, this.recordsOf(index));
  }

  async #take(index: number, envelopes: readonly CommandEnvelope[]): Promise<readonly Answer[]> {
    const shard = this.shard(index);
    const from = shard.results.length;
    const answers = await shard.run(envelopes);
    for (const { records, personal } of shard.results.slice(from)) {
      for (const { target, bytes } of outgoingMessages({ source: index, records, personal }))
        this.channel(index, target).sent.push(bytes);
    }
    return answers;
  }

  #newShard(index: number): FlowHarness {
    return flowHarness({ place: { index, count: this.count }, openOnFirstUse: this.#openOnFirstUse });
  }
}

function received(bytes: Uint8Array): CommandEnvelope {
  return commandEnvelope.read(new ByteReader(bytes));
}
