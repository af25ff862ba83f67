/** Which shards have received a payment of an id, and which of them have taken theirs back. */
import type { LedgerEvent } from '#src/domain/events.ts';
import { IdTable } from './id-table.ts';

/** One kind of ids only. */
const PAYMENT = 0;

interface Contest {
  readonly homes: Set<number>;
  readonly takenBack: Set<number>;
}

export class HomeAudit {
  readonly #firstHomes = new IdTable();
  /** Ids that came in more than one shard. Claims keep them rare. */
  readonly #contests = new Map<string, Contest>();

  note(shard: number, event: LedgerEvent): void {
    if (event.type === 'PaymentReceived') this.#received(event.facts.id, shard);
    else if (event.type === 'PaymentIdConflict') this.#contest(event.paymentId).takenBack.add(shard);
  }

  /** `isWaiting` says of a shard whether there is a message from it or to it that was not taken yet. */
  *findings(isWaiting: (shard: number) => boolean): Generator<string> {
    for (const [id, { homes, takenBack }] of this.#contests) {
      const standing = [...homes].filter((home) => !takenBack.has(home));
      if (standing.length === 0) yield `payment ${id} was taken back in every shard that received it`;
      if (standing.length > 1 && !standing.some(isWaiting))
        yield `payment ${id} stands in shards ${standing.join(' and ')}`;
    }
  }

  #received(id: string, shard: number): void {
    if (this.#firstHomes.add(PAYMENT, id, shard)) return;
    const first = this.#firstHomes.get(PAYMENT, id) ?? shard;
    if (first !== shard) this.#contest(id).homes.add(first).add(shard);
  }

  #contest(id: string): Contest {
    const contest = this.#contests.get(id) ?? { homes: new Set<number>(), takenBack: new Set<number>() };
    this.#contests.set(id, contest);
    return contest;
  }
}
