/**
 * How far a shard has told the shared store what its log says, and whether the store knows enough of all
 * shards to be believed.
 *
 * A shard is *current* when the store has everything of the rows before the one that is being decided. The
 * store is *whole* when every shard has told it all in its epoch: before, entities may lack what another
 * shard knew of them, and their histories are not believed.
 *
 * Shards that tell again go in step, because an outcome counts no earlier than the one before it in an
 * entity's log: none goes further ahead of the slowest one than a minute, or than a small part of how long
 * ago it all was.
 */
import type { EntityLogStore, ShardMark } from '#src/ports/entity-log-store.ts';
import type { RowToTell } from '#src/ports/feature-stage.ts';

export interface StoreProgressSettings {
  readonly store: EntityLogStore;
  readonly shard: number;
  readonly shards: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A store that was restarted or taken over may have lost its last seconds, never more than this. */
const SETTLED_AFTER_MS = 10 * 60_000;
const SETTLED_EVERY_MS = 60_000;
/** Longer than a shard is without an owner, or a payment waits for its histories. */
const KEPT_MS = 3 * 86_400_000;
const STEP_LEAST_MS = 60_000;
/** Fourteen seconds of an hour ago, an hour of ten days ago. */
const STEP_OF_AGE = 1 / 256;

export class StoreProgress {
  readonly #settings: StoreProgressSettings;
  /** In which the shard is current; undefined: it is not, or not known to be. */
  #epoch: number | undefined;
  #wholeEpoch: number | undefined;
  #mark: ShardMark | undefined;
  #mustRenew = false;
  /** Rows and when they had been told, oldest first, to know which are settled. */
  #told: { readonly position: number; readonly at: number }[] = [];
  /** Until which shard time rows may be told again without looking at the others. */
  #inStepUntil = -Infinity;

  constructor(settings: StoreProgressSettings) {
    this.#settings = settings;
  }

  get isCurrent(): boolean {
    return this.#epoch !== undefined;
  }

  /** Whether all shards are known to have told all of the epoch. */
  get isWholeKnown(): boolean {
    return this.#epoch !== undefined && this.#wholeEpoch === this.#epoch;
  }

  get epoch(): number | undefined {
    return this.#epoch;
  }

  /** Whether the store has the epoch in which the shard is current, or cannot be asked. */
  get isOfStore(): boolean {
    const { standing } = this.#settings.store;
    return standing.type === 'away' || standing.epoch === this.#epoch;
  }

  /** Nothing is believed of the store until it was asked again; where records were lost, a new epoch begins. */
  lose(lostRecords: boolean): void {
    this.#epoch = undefined;
    this.#mark = undefined;
    this.#told = [];
    this.#inStepUntil = -Infinity;
    this.#mustRenew ||= lostRecords;
  }

  /** @throws EntityLogError */
  async firstMissing(head: number): Promise<number | undefined> {
    const { store } = this.#settings;
    if (this.isCurrent || store.standing.type === 'away') return undefined;
    if (this.#mustRenew) await store.renew();
    this.#mustRenew = false;
    this.#mark ??= await this.#markOf(store.standing.epoch, head);
    if (this.#mark.position < head) return this.#mark.position + 1;
    await this.#write({ ...this.#mark, head, isWhole: true });
    this.#epoch = this.#mark.epoch;
    return undefined;
  }

  /** Whether the row may be told again now, with all shards in step. @throws EntityLogError */
  async mayTellAgain({ position, head, shardTime }: RowToTell): Promise<boolean> {
    if (shardTime <= this.#inStepUntil) return true;
    if (!this.#mark) return false;
    await this.#write({ ...this.#mark, position: position - 1, head, time: shardTime });
    const { store, shard, shards } = this.#settings;
    const marks = await store.readMarks();
    let slowest = Infinity;
    for (let other = 0; other < shards; other++) {
      const mark = marks.get(other);
      if (other === shard) continue;
      if (mark?.epoch !== this.#mark.epoch) return false;
      if (mark.position < mark.head) slowest = Math.min(slowest, mark.time);
    }
    const stepMs = Math.max(STEP_LEAST_MS, (this.#settings.now() - shardTime) * STEP_OF_AGE);
    if (shardTime > slowest + stepMs) return false;
    this.#inStepUntil = Math.min(slowest, shardTime) + stepMs;
    return true;
  }

  /** The row is told; its mark is written when others have to know. */
  noteToldAgain({ position, head }: RowToTell): void {
    if (this.#mark) this.#mark = { ...this.#mark, position, head };
  }

  /** Everything up to the row is in the store, and it is the last one. @throws EntityLogError */
  async noteTold(position: number): Promise<void> {
    if (!this.#mark) return;
    const settledPosition = this.#settle(position);
    await this.#write({ ...this.#mark, position, head: position, settledPosition });
  }

  /** @throws EntityLogError */
  async isWhole(): Promise<boolean> {
    if (this.#epoch === undefined) return false;
    if (this.#wholeEpoch === this.#epoch) return true;
    const marks = await this.#settings.store.readMarks();
    for (let shard = 0; shard < this.#settings.shards; shard++) {
      const mark = marks.get(shard);
      if (mark?.epoch !== this.#epoch || !mark.isWhole) return false;
    }
    this.#wholeEpoch = this.#epoch;
    return true;
  }

  /**
   * Records of logs that are older are not looked for by anybody who tells again, and are no longer asked
   * for to decide later. Milliseconds since 1970. @throws EntityLogError
   */
  async settledBefore(): Promise<number> {
    let newest = this.#settings.now();
    if (!this.isWholeKnown) {
      const marks = await this.#settings.store.readMarks();
      const epoch = this.#mark?.epoch;
      for (let shard = 0; shard < this.#settings.shards; shard++) {
        const mark = marks.get(shard);
        if (mark === undefined || mark.epoch !== epoch) return -Infinity;
        if (mark.position < mark.head) newest = Math.min(newest, mark.time);
      }
    }
    return newest - KEPT_MS;
  }

  /** What the store was told belongs to another log. @throws EntityLogError */
  async forget(): Promise<void> {
    const { standing } = this.#settings.store;
    this.lose(true);
    if (standing.type === 'ready') await this.#write(emptyMark(standing.epoch));
    this.#mark = undefined;
  }

  async #markOf(epoch: number, head: number): Promise<ShardMark> {
    const { store, shard } = this.#settings;
    const mark = (await store.readMarks()).get(shard) ?? emptyMark(epoch);
    if (mark.epoch === epoch) return mark;
    return {
      ...emptyMark(epoch),
      position: mark.settledPosition,
      settledPosition: mark.settledPosition,
      head,
    };
  }

  async #write(mark: ShardMark): Promise<void> {
    this.#mark = mark;
    await this.#settings.store.writeMark(this.#settings.shard, mark);
  }

  #settle(position: number): number {
    const now = this.#settings.now();
    const newest = this.#told.at(-1);
    if (!newest || newest.at <= now - SETTLED_EVERY_MS) this.#told.push({ position, at: now });
    let settled = this.#mark?.settledPosition ?? 0;
    while ((this.#told[0]?.at ?? Infinity) <= now - SETTLED_AFTER_MS)
      settled = this.#told.shift()?.position ?? settled;
    return settled;
  }
}

function emptyMark(epoch: number): ShardMark {
  return { epoch, position: 0, head: 0, settledPosition: 0, time: 0, isWhole: false };
}
