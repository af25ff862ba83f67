/**
 * Tells the log of a ledger in one process to the shards of a new one: each event goes to the shard that
 * its account or payment belongs to, money between two shards goes by messages, and each message is taken
 * and answered before the next record. So every shard gets a log that it could have written itself.
 *
 * It decides nothing again. Where a shard would ask an account whether it takes money, the old ledger has
 * answered: what was posted there is posted here.
 */
import type { CommandRecord, LedgerEvent, PersonalDataErased } from '#src/domain/events.ts';
import { receiveMessage } from '#src/domain/ledger/receive-message.ts';
import { creditedEvents } from '#src/domain/ledger/remote-credit.ts';
import { isReserved } from '#src/domain/ledger/system-accounts.ts';
import type { PaymentFacts } from '#src/domain/payment.ts';
import type { PersonalPart } from '#src/domain/personal-part.ts';
import type { CreditAccount } from '#src/domain/shard-message.ts';
import { SHARED_FACTS_SHARD, shardOfAccount, shardOfPayment } from '#src/domain/shard-place.ts';
import { homeEvents, sidesOf } from './home-events.ts';
import type { NumberedMessage, RetoldShard, Telling } from './retold-shard.ts';

/** A record of the old log with where it stands in it. */
export interface OldRecord {
  readonly record: CommandRecord;
  readonly position: number;
  /** Index in its row. */
  readonly index: number;
  /** Undefined where there is none, or it was erased. */
  readonly part: PersonalPart | undefined;
}

interface NewPlace {
  readonly shard: number;
  readonly position: number;
  readonly record: number;
}

export class Retelling {
  /** The id of the new ledger. */
  readonly #ledgerId: string;
  readonly #shards: readonly RetoldShard[];
  /** Where the records stand now whose personal part is gone, until the erasure that says so is told. */
  readonly #gone = new Map<string, NewPlace[]>();

  /** The payment that the record is the first of. */
  #arriving: Pick<PaymentFacts, 'id' | 'debtor'> | undefined;

  constructor(ledgerId: string, shards: readonly RetoldShard[]) {
    this.#ledgerId = ledgerId;
    this.#shards = shards;
  }

  tell(old: OldRecord): void {
    const { actor, cause, shardTime, events } = old.record;
    const received = events.find((event) => event.type === 'PaymentReceived');
    const telling = { actor, cause, shardTime, payer: received?.facts.debtor };
    this.#arriving = received?.facts;
    const told = new Set<RetoldShard>();
    let personal: RetoldShard | undefined;
    for (const event of events) {
      for (const { shard, event: here } of this.#routed(event)) {
        const place = shard.append(telling, homeEvents(shard.contextOf(telling), here));
        told.add(shard);
        if (!hasPersonalPart(here)) continue;
        personal = shard;
        this.#noteIfGone(old, { shard: shard.place.index, ...place });
      }
    }
    const closed = [...told].map((shard) => ({
      shard,
      messages: shard.close(shard === personal ? old.part : undefined),
    }));
    // Only now: a record that a message leads to is one of its own.
    for (const { shard, messages } of closed)
      for (const message of messages) this.#deliver(shard, message, { telling, old });
  }

  /** What only the end shows. @throws Error when the old log erased what it does not name. */
  finish(): void {
    const [first] = this.#gone.keys();
    if (first !== undefined)
      throw new Error(`the personal part of record ${first} is gone and was not erased`);
  }

  /** The message is taken at once, and so are the answers that it gives. */
  #deliver(
    from: RetoldShard,
    { target, sequence, message }: NumberedMessage,
    because: { readonly telling: Telling; readonly old: OldRecord },
  ): void {
    const shard = this.#shard(target);
    const source = from.place.index;
    const telling = { ...because.telling, cause: 'ReceiveMessage', payer: undefined };
    const context = shard.contextOf(telling);
    const command = { type: 'ReceiveMessage', source, sequence, message } as const;
    const events: readonly LedgerEvent[] =
      message.type === 'CreditAccount'
        ? [{ type: 'MessageReceived', source, sequence }, ...credited(shard, telling, { source, message })]
        : receiveMessage(context, command).events;
    const place = shard.append(telling, events);
    const isPersonal = events.some(hasPersonalPart);
    if (isPersonal) this.#noteIfGone(because.old, { shard: target, ...place });
    const answers = shard.close(isPersonal ? because.old.part : undefined);
    for (const answer of answers) this.#deliver(shard, answer, because);
  }

  /** The shards that are told the event, each with what it is told. */
  #routed(event: LedgerEvent): readonly { shard: RetoldShard; event: LedgerEvent }[] {
    switch (event.type) {
      case 'LedgerOpened':
        return this.#shards.map((shard) => ({ shard, event: { ...event, ledgerId: this.#ledgerId } }));
      case 'PersonalDataErased':
        return this.#erasures(event);
      case 'AccountOpened':
        // Every shard opens the ledger's own when it needs them.
        if (isReserved(event.account)) return [];
        break;
      default:
    }
    return [{ shard: this.#shard(this.#shardOf(event)), event }];
  }

  #shardOf(event: LedgerEvent): number {
    const count = this.#shards.length;
    switch (event.type) {
      case 'AccountOpened':
      case 'AccountFrozen':
      case 'AccountUnfrozen':
      case 'AccountClosed':
      case 'SignalRecorded':
        return shardOfAccount(event.account, count);
      case 'TransferPosted': {
        const { debit, credit } = sidesOf(event);
        return shardOfAccount(isReserved(debit.account) ? credit.account : debit.account, count);
      }
      case 'PaymentReceived':
        return shardOfAccount(event.facts.debtor, count);
      case 'LabelRecorded':
        if (event.paymentId === undefined) return shardOfPayment(event.labelId, count);
        return this.#homeOf(event.paymentId);
      case 'PolicyActivated':
      case 'ModelActivated':
      case 'IpTableRecorded':
      case 'RatesRecorded':
      case 'TokenCreated':
      case 'TokenRevoked':
      case 'ListEntryAdded':
      case 'ListEntryRemoved':
        return SHARED_FACTS_SHARD;
      default:
        if ('paymentId' in event && event.paymentId !== undefined) return this.#homeOf(event.paymentId);
        throw new Error(`${event.type} is no event of a ledger in one process`);
    }
  }

  #homeOf(paymentId: string): number {
    // The directory is told of a payment behind the record that receives it.
    if (this.#arriving?.id === paymentId) return shardOfAccount(this.#arriving.debtor, this.#shards.length);
    const directory = this.#shard(shardOfPayment(paymentId, this.#shards.length));
    if (directory.state.payments.get(paymentId)) return directory.place.index;
    const entry = directory.state.directory.get(paymentId);
    if (!entry) throw new Error(`payment ${paymentId} is not known`);
    return entry.home;
  }

  #noteIfGone({ position, index, part }: OldRecord, place: NewPlace): void {
    if (part) return;
    const key = keyOf(position, index);
    this.#gone.set(key, [...(this.#gone.get(key) ?? []), place]);
  }

  /** The same erasure in each shard that has a part of what is gone. */
  #erasures({ reason, parts }: PersonalDataErased): readonly { shard: RetoldShard; event: LedgerEvent }[] {
    const byShard = new Map<number, PersonalDataErased['parts'][number][]>();
    for (const { position, record, paymentId } of parts) {
      const key = keyOf(position, record);
      const places = this.#gone.get(key);
      if (!places) throw new Error(`the personal part of record ${key} was erased and is still there`);
      this.#gone.delete(key);
      for (const { shard, ...place } of places) {
        const part = { ...place, ...(paymentId === undefined ? {} : { paymentId }) };
        byShard.set(shard, [...(byShard.get(shard) ?? []), part]);
      }
    }
    return [...byShard].map(([index, erased]) => ({
      shard: this.#shard(index),
      event: { type: 'PersonalDataErased', reason, parts: erased },
    }));
  }

  #shard(index: number): RetoldShard {
    const shard = this.#shards[index];
    if (!shard) throw new RangeError(`there is no shard ${index}`);
    return shard;
  }
}

function credited(
  shard: RetoldShard,
  telling: Telling,
  { source, message }: { source: number; message: CreditAccount },
): readonly LedgerEvent[] {
  const { type: _, ...terms } = message;
  const account = shard.state.accounts.get(terms.creditor);
  if (!account) throw new Error(`account ${terms.creditor} is not known in shard ${shard.place.index}`);
  return creditedEvents(shard.contextOf(telling), { source, terms, account });
}

function hasPersonalPart(event: LedgerEvent): boolean {
  return 'personalDigest' in event && event.personalDigest !== undefined;
}

function keyOf(position: number, record: number): string {
  return `${position}/${record}`;
}
