/**
 * A shard that is told what another ledger has decided. Events change its state as they always do, what
 * other shards have to know of them follows as it always does, and all of it becomes rows of its log.
 */
import type { CommandRecord, LedgerEvent } from '#src/domain/events.ts';
import type { DecidingContext, LedgerRules } from '#src/domain/ledger/deciding.ts';
import { evolve } from '#src/domain/ledger/evolve.ts';
import type { LedgerState } from '#src/domain/ledger/ledger-state.ts';
import { messagesAfter } from '#src/domain/ledger/messages-after.ts';
import type { PersonalPart } from '#src/domain/personal-part.ts';
import type { OutgoingMessage } from '#src/domain/shard-message.ts';
import type { ShardPlace } from '#src/domain/shard-place.ts';
import type { ComingRecord, RetoldRows } from './retold-rows.ts';

/** What the records have in common that one record of the other ledger becomes. */
export interface Telling extends ComingRecord {
  readonly actor: string;
  readonly cause: string;
}

export interface NumberedMessage extends OutgoingMessage {
  readonly sequence: number;
}

interface OpenRecord {
  readonly telling: Telling;
  readonly position: number;
  readonly record: number;
  readonly events: LedgerEvent[];
  readonly outgoing: OutgoingMessage[];
}

/** Nothing is opened that was not opened, and no time is counted from here. */
const RULES: LedgerRules = {
  openOnFirstUse: false,
  captureExpiresAfterMs: 0,
  reviewExpiresAfterMs: 0,
  challengeExpiresAfterMs: 0,
  rescoreExpiresAfterMs: 0,
  undoMs: 0,
};

const NO_KEYS = new Uint8Array();

export class RetoldShard {
  readonly place: ShardPlace;
  readonly state: LedgerState;
  readonly #rows: RetoldRows;
  #open: OpenRecord | undefined;

  constructor(place: ShardPlace, state: LedgerState, rows: RetoldRows) {
    this.place = place;
    this.state = state;
    this.#rows = rows;
  }

  contextOf({ shardTime, actor }: Telling): DecidingContext {
    return { state: this.state, rules: RULES, shardTime, actor, place: this.place };
  }

  /** The record is opened by the first of its events, and stands where the answer says. */
  append(telling: Telling, events: readonly LedgerEvent[]): { position: number; record: number } {
    const { counters } = this.state;
    this.#open ??= { telling, ...this.#rows.begin(telling), events: [], outgoing: [] };
    const { position, record } = this.#open;
    counters.shardTime = telling.shardTime;
    for (const event of events) {
      evolve(this.state, event, { shardTime: telling.shardTime, position, entityKeys: NO_KEYS });
      this.#open.events.push(event);
      this.#open.outgoing.push(...messagesAfter(event, { place: this.place, state: this.state }));
    }
    return { position, record };
  }

  /** Ends the record, and gives what it tells other shards. */
  close(part?: PersonalPart): readonly NumberedMessage[] {
    const open = this.#open;
    if (!open) return [];
    const messages = open.outgoing.map((outgoing) => this.#number(open, outgoing));
    this.#open = undefined;
    const { actor, cause, shardTime } = open.telling;
    const input = ++this.state.counters.input;
    const record: CommandRecord = { input, shardTime, actor, cause, events: open.events };
    this.#rows.add(record, part);
    return messages;
  }

  #number({ telling, events, position }: OpenRecord, { target, message }: OutgoingMessage): NumberedMessage {
    const sequence = (this.state.counters.sent[target] ?? 0) + 1;
    const sent: LedgerEvent = { type: 'MessageSent', target, sequence, message };
    evolve(this.state, sent, { shardTime: telling.shardTime, position, entityKeys: NO_KEYS });
    events.push(sent);
    return { target, message, sequence };
  }
}
