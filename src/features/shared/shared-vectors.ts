/**
 * Writes vectors from feeds whose logs lie ready, and says up to where each history was folded. Those
 * numbers are all that is needed to compute the vector again from the logs (F5).
 */
import type { EntityPosition } from '#src/domain/events.ts';
import type { Attempt, LedgerFacts, VectorRow } from '#src/ports/feature-stage.ts';
import { ENTITY_SLOTS, KeyReader, SLOT_COUNT, SLOTS } from '#src/features/key-layout.ts';
import { KIND_OF_SLOT, PaymentEntities } from '#src/features/payment-entities.ts';
import type { EntityFeed } from './entity-feed.ts';
import type { FoldedEntities, PaymentId } from './folded-entities.ts';
import { markUnreadable } from './unreadable-features.ts';

/** The debtor as a creditor and the creditor as an account: their histories are read and not added to. */
export const READ_SLOTS: readonly number[] = [SLOTS.debtorAsCreditor, SLOTS.creditorAsAccount];

export interface SharedRow {
  readonly facts: LedgerFacts;
  readonly row: VectorRow;
  readonly amount: number;
  /** Attempts of the batch that are still to be observed: no history may take them in before. */
  readonly isAhead: (id: PaymentId) => boolean;
}

export class SharedVectors {
  readonly #folded: FoldedEntities;
  readonly #reader = new KeyReader();
  readonly #entities = new PaymentEntities();
  readonly #feeds: (EntityFeed | undefined)[] = Array.from({ length: SLOT_COUNT }, () => undefined);

  constructor(folded: FoldedEntities) {
    this.#folded = folded;
  }

  /** The feed of one slot of the keys; undefined where nothing was sent. */
  feedOf(entityKeys: Uint8Array, slot: number): EntityFeed | undefined {
    const words = this.#reader.read(entityKeys);
    const low = words[2 * slot] ?? 0;
    const high = words[2 * slot + 1] ?? 0;
    return low === 0 && high === 0 ? undefined : this.#folded.feedOf(low, high, KIND_OF_SLOT[slot] ?? slot);
  }

  idOf(entityKeys: Uint8Array): PaymentId {
    this.#entities.read(entityKeys);
    const { idLow, idHigh } = this.#entities;
    return { idLow, idHigh };
  }

  /**
   * Folds what stands before the attempt and writes its vector; then the attempt itself is folded. Only
   * what is read of a second account or creditor stands behind the positions of all others.
   */
  write(attempt: Attempt, { facts, row, amount, isAhead }: SharedRow, epoch: number): EntityPosition[] {
    const folded = this.#folded;
    const feeds = this.#find(attempt.entityKeys);
    const entities = this.#entities;
    entities.read(attempt.entityKeys);
    const positions: EntityPosition[] = [];
    const unreadable: number[] = [];
    for (const [slot, kind] of ENTITY_SLOTS.entries()) {
      const feed = feeds[slot];
      const sequence = feed ? folded.foldUntil(feed, entities) : -1;
      entities.histories[slot] = feed && sequence >= 0 ? feed.history : 0;
      if (feed && sequence >= 0) positions.push({ kind, epoch, sequence });
      else if (feed) unreadable.push(slot);
    }
    for (const slot of READ_SLOTS) {
      const feed = feeds[slot];
      entities.histories[slot] = feed?.history ?? 0;
      const kind = ENTITY_SLOTS[KIND_OF_SLOT[slot] ?? slot];
      if (feed && kind) positions.push({ kind, epoch, sequence: folded.foldBefore(feed, isAhead) });
    }
    folded.write(entities, { attempt, amount }, { facts, row });
    for (const slot of unreadable) markUnreadable(slot, row);
    for (const slot of ENTITY_SLOTS.keys()) {
      const feed = feeds[slot];
      if (feed && !unreadable.includes(slot)) folded.foldNext(feed);
    }
    return positions;
  }

  /** The vector of an attempt whose histories are not known. */
  writeUnreadable(attempt: Attempt, { facts, row, amount }: Omit<SharedRow, 'isAhead'>): void {
    const entities = this.#entities;
    entities.read(attempt.entityKeys);
    entities.histories.fill(0);
    this.#folded.write(entities, { attempt, amount }, { facts, row });
    this.markSent(attempt.entityKeys, row);
  }

  /** Marks the features of every entity that the payment names. */
  markSent(entityKeys: Uint8Array, row: VectorRow): void {
    const words = this.#reader.read(entityKeys);
    for (const slot of ENTITY_SLOTS.keys()) {
      if (words[2 * slot] !== 0 || words[2 * slot + 1] !== 0) markUnreadable(slot, row);
    }
  }

  #find(entityKeys: Uint8Array): readonly (EntityFeed | undefined)[] {
    for (let slot = 0; slot < SLOT_COUNT; slot++) this.#feeds[slot] = this.feedOf(entityKeys, slot);
    return this.#feeds;
  }
}
