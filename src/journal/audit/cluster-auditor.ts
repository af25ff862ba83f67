/**
 * Reads the logs of all shards of a ledger, one after the other or in turn, and reports what contradicts
 * the rules of each (`ledger-auditor.ts`) and of all together:
 *
 * - **X1** each message had the effect that it asks for, once and in order;
 * - **X2** no money is made or lost: in each asset all accounts of all shards add up to zero, and an
 *   account in transit stands, both of its sides together, at what is in messages not taken yet;
 * - **X3** a payment id has one effect: of the shards that received it all but one have taken it back, or
 *   are still to be told so.
 *
 * The logs need not be of one moment: a log that lacks a message which another one has taken
 * (`shardsBehind`) has to be read further, up to that message, which is never behind what there is.
 */
import type { Account } from '#src/domain/account.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { inTransitAccount } from '#src/domain/ledger/system-accounts.ts';
import type { LogRow } from '#src/ports/event-log.ts';
import { ChannelAudit } from './channel-audit.ts';
import { HomeAudit } from './home-audit.ts';
import { LedgerAuditor, type LedgerCounts } from './ledger-auditor.ts';
import { termsOfEffect, termsOfMessage } from './message-terms.ts';

/** What one shard said, up to the end of its log. */
interface AuditedShard {
  readonly auditor: LedgerAuditor;
  /** By the index of the target. */
  readonly channels: readonly ChannelAudit[];
}

export interface ClusterCounts extends LedgerCounts {
  readonly messages: number;
  /** Sent and not taken yet. */
  readonly outstanding: number;
}

export class ClusterAuditor {
  readonly #shards: readonly AuditedShard[];
  readonly #homes = new HomeAudit();

  constructor(count: number) {
    const indices = Array.from({ length: count }, (_, index) => index);
    this.#shards = indices.map((shard) => ({
      auditor: new LedgerAuditor((record) => this.#note(shard, record)),
      channels: indices.map(() => new ChannelAudit()),
    }));
  }

  get counts(): ClusterCounts {
    const sums = { events: 0, payments: 0, entries: 0, erased: 0, messages: 0, outstanding: 0 };
    for (const { auditor, channels } of this.#shards) {
      const { events, payments, entries, erased } = auditor.counts;
      sums.events += events;
      sums.payments += payments;
      sums.entries += entries;
      sums.erased += erased;
      for (const { sent, taken } of channels) {
        sums.messages += sent;
        sums.outstanding += Math.max(0, sent - taken);
      }
    }
    return sums;
  }

  /** What is wrong with the next row of that shard, in words; empty when nothing is. */
  inspect(shard: number, row: LogRow): readonly string[] {
    return this.#shard(shard).auditor.inspect(row);
  }

  /** Every account of that shard, as the rows that were read leave it. */
  accountsOf(shard: number): Iterable<Readonly<Account>> {
    return this.#shard(shard).auditor.accounts();
  }

  /** Shards whose log was read less far than another's that has taken a message of it. */
  shardsBehind(): readonly number[] {
    return [...this.#shards.keys()].filter((shard) =>
      this.#shard(shard).channels.some(({ sent, taken }) => taken > sent),
    );
  }

  /** What can only be said once all rows of all shards were read. */
  *findingsAtEnd(): Generator<string> {
    for (const [index, { auditor }] of this.#shards.entries())
      for (const { detail } of auditor.findingsAtEnd()) yield `shard ${index}: ${detail}`;
    yield* this.#messageFindings();
    yield* this.#moneyFindings();
    yield* this.#homes.findings((shard) => this.#isWaiting(shard));
  }

  #note(shard: number, { events }: CommandRecord): void {
    const [first] = events;
    if (first?.type === 'MessageReceived') {
      const text = termsOfEffect(events) ?? 'nothing';
      this.#channel(first.source, shard).take(first.sequence, text);
    }
    for (const event of events) {
      if (event.type === 'MessageSent')
        this.#channel(shard, event.target).send(event.sequence, termsOfMessage(event.message));
      else this.#homes.note(shard, event);
    }
  }

  *#messageFindings(): Generator<string> {
    for (const [source, { channels }] of this.#shards.entries()) {
      for (const [target, channel] of channels.entries()) {
        const way = `from shard ${source} to ${target}`;
        const different = channel.firstDifference();
        if (different !== undefined)
          yield `message ${different} ${way} was taken, and what was done is not what it says`;
        if (channel.taken > channel.sent)
          yield `${channel.taken} messages ${way} were taken, and ${channel.sent} were sent`;
      }
    }
  }

  *#moneyFindings(): Generator<string> {
    const totals = new Map<string, bigint>();
    const stands = new Map<string, bigint>();
    for (const { auditor } of this.#shards) {
      for (const { id, asset, posted } of auditor.accounts()) {
        totals.set(asset, (totals.get(asset) ?? 0n) + posted);
        stands.set(id, (stands.get(id) ?? 0n) + posted);
      }
    }
    for (const [asset, total] of totals) {
      if (total !== 0n) yield `all accounts in ${asset} together stand at ${total}, not at 0`;
      yield* this.#transitFindings(asset, stands);
    }
  }

  *#transitFindings(asset: string, stands: ReadonlyMap<string, bigint>): Generator<string> {
    for (const from of this.#shards.keys()) {
      for (const to of this.#shards.keys()) {
        const id = inTransitAccount({ from, to, asset });
        const moving =
          this.#channel(from, to).outstanding(asset, false) +
          this.#channel(to, from).outstanding(asset, true);
        const standing = stands.get(id) ?? 0n;
        if (standing !== moving) yield `${id} stands at ${standing}, and ${moving} is on its way`;
      }
    }
  }

  #isWaiting(shard: number): boolean {
    return [...this.#shards.keys()].some((other) =>
      [this.#channel(shard, other), this.#channel(other, shard)].some(({ sent, taken }) => sent > taken),
    );
  }

  #channel(source: number, target: number): ChannelAudit {
    const channel = this.#shard(source).channels[target];
    if (!channel) throw new RangeError(`there is no shard ${target}`);
    return channel;
  }

  #shard(index: number): AuditedShard {
    const shard = this.#shards[index];
    if (!shard) throw new RangeError(`there is no shard ${index}`);
    return shard;
  }
}
