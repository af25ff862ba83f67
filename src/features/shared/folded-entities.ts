/**
 * The histories that a shard has folded from shared logs, and the one way in which they are folded: the
 * records of an entity in the order of its log, repetitions left out. So every shard that has read a log
 * up to one record has the same history (F1).
 *
 * An outcome is never older than the one before it in the log: shards' clocks differ, so its time is the
 * latest of all outcomes up to it.
 */
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';
import type { LedgerFacts, VectorRow } from '#src/ports/feature-stage.ts';
import { SIGNAL_KINDS } from '#src/features/catalogue/signal-features.ts';
import { AttemptList } from '#src/features/history/attempt-list.ts';
import { Histories } from '#src/features/history/histories.ts';
import { ROW_KIND } from '#src/features/history/history-row.ts';
import { HistoryImages } from '#src/features/history/history-image.ts';
import { HEADER_WORD } from '#src/features/history/layout.ts';
import { Lifetimes } from '#src/features/history/lifetimes.ts';
import { OutcomeList } from '#src/features/history/outcome-list.ts';
import { TILES_ORDER } from '#src/features/history/tiles.ts';
import { HistoryTaker, isFirstAttempt } from '#src/features/history-taker.ts';
import type { PaymentEntities } from '#src/features/payment-entities.ts';
import { VectorWriter } from '#src/features/vector-writer.ts';
import type { RatedAttempt } from '#src/features/vector-writer.ts';
import { EntityFeed } from './entity-feed.ts';
import { emptyRecord, fingerprint, kindOf, readRecord, SIGNAL_RECORD } from './entity-record.ts';
import type { EntityRecord } from './entity-record.ts';
import { readFeedImage, takeFeedImage } from './feed-image.ts';
import { isWholeLog, type PackedImage, PLAIN_LOG, readShape } from './log-shape.ts';
import { RecentRecords } from './recent-records.ts';

export interface PaymentId {
  readonly idLow: number;
  readonly idHigh: number;
}

export class FoldedEntities {
  readonly #histories = new Histories();
  readonly #outcomes: OutcomeList;
  readonly #lifetimes: Lifetimes;
  readonly #taker: HistoryTaker;
  readonly #images: HistoryImages;
  readonly #writer: VectorWriter;
  /** By history, least lately made or found busy first. */
  readonly #feeds = new Map<number, EntityFeed>();
  readonly #record = emptyRecord();

  constructor() {
    const histories = this.#histories;
    const lifetimes = new Lifetimes(histories);
    const outcomes = new OutcomeList(histories, lifetimes);
    this.#lifetimes = lifetimes;
    this.#outcomes = outcomes;
    const attempts = new AttemptList(histories);
    this.#taker = new HistoryTaker({ histories, attempts, outcomes });
    this.#images = new HistoryImages({ histories, attempts, outcomes });
    this.#writer = new VectorWriter({ histories, outcomes, lifetimes });
  }

  /** Bytes that histories take in memory; the feed of each, some hundred bytes, is not counted. */
  get bytesUsed(): number {
    return this.#histories.slab.bytesUsed;
  }

  /** The feed of a key; one that has folded nothing where there is none yet. */
  feedOf(keyLow: number, keyHigh: number, kind: number): EntityFeed {
    const known = this.#histories.find(keyLow, keyHigh);
    const feed = this.#feeds.get(known) ?? this.#begin(keyLow, keyHigh, kind);
    feed.isIdle = false;
    return feed;
  }

  /** A feed that has folded nothing takes over its whole log. False: that was cut while it was read. */
  offerWhole(feed: EntityFeed, log: Uint8Array): boolean {
    if (!isWholeLog(log)) return false;
    const image = readFeedImage(log);
    if (image) {
      this.#images.restoreWhole(feed.history, image.history);
      feed.recent = RecentRecords.of(image.recent);
    }
    feed.shape = readShape(log);
    feed.folded = feed.shape.base;
    feed.offer(log.subarray(feed.shape.headBytes));
    return true;
  }

  /** The feed begins anew: nothing of its log is folded. */
  restart(feed: EntityFeed): void {
    const histories = this.#histories;
    const [keyLow, keyHigh] = [HEADER_WORD.keyLow, HEADER_WORD.keyHigh].map((word) =>
      histories.word(feed.history, word),
    );
    this.remove(feed);
    feed.history = this.#create({ keyLow: keyLow ?? 0, keyHigh: keyHigh ?? 0, kind: feed.kind });
    feed.recent = new RecentRecords();
    feed.folded = 0;
    feed.shape = PLAIN_LOG;
    feed.isDoubted = false;
    this.#feeds.set(feed.history, feed);
  }

  /**
   * The feed begins anew if it has taken in the record that is only about to be appended: a batch that was
   * appended and never decided left it in the log, and others have been read behind it.
   */
  restartIfTaken(feed: EntityFeed, bytes: Uint8Array): void {
    readRecord(bytes, 0, this.#record);
    if (feed.recent.has(fingerprint(this.#record))) this.restart(feed);
  }

  remove(feed: EntityFeed): void {
    this.#feeds.delete(feed.history);
    this.#histories.remove(feed.history, TILES_ORDER);
  }

  /** What is known of an entity by what of its log is folded. */
  imageOf({ history, recent }: EntityFeed): PackedImage {
    return takeFeedImage(this.#images, history, recent);
  }

  /** Folds up to the payment's own attempt, and says where that stands; -1 when it does not lie ahead. */
  foldUntil(feed: EntityFeed, { idLow, idHigh }: PaymentId): number {
    const record = this.#record;
    for (; feed.next >= 0; this.#fold(feed, record)) {
      readRecord(feed.ready, feed.next, record);
      if (kindOf(record) !== ROW_KIND.attempt || record.idLow !== idLow || record.idHigh !== idHigh) continue;
      // Behind the first one: the history has taken the attempt in already.
      return feed.recent.has(fingerprint(record)) ? -1 : feed.folded;
    }
    return -1;
  }

  /** Folds all that lies ready, up to the first attempt that `isAhead` names. Gives where it ended. */
  foldBefore(feed: EntityFeed, isAhead: (record: EntityRecord) => boolean): number {
    const record = this.#record;
    for (; feed.next >= 0; this.#fold(feed, record)) {
      readRecord(feed.ready, feed.next, record);
      if (kindOf(record) === ROW_KIND.attempt && isAhead(record)) break;
    }
    return feed.folded;
  }

  /** Folds the one record that comes next. */
  foldNext(feed: EntityFeed): void {
    if (feed.next < 0) return;
    readRecord(feed.ready, feed.next, this.#record);
    this.#fold(feed, this.#record);
  }

  /** Whether the payment's is the first attempt of the card's log, of what is folded and what lies ready. */
  isFirstSeen(card: EntityFeed, id: PaymentId): boolean {
    if (!isFirstAttempt(this.#histories, card.history, id)) return false;
    const first = firstAttemptIn(card);
    return first === undefined || (first.idLow === id.idLow && first.idHigh === id.idHigh);
  }

  write(
    entities: PaymentEntities,
    rated: RatedAttempt,
    target: { facts: LedgerFacts; row: VectorRow },
  ): void {
    this.#writer.write(entities, rated, target);
  }

  /** Forgets entities that were not asked for since it last came by, looking at no more than `looks`. */
  forget(looks: number, bytes: number): void {
    for (const [history, feed] of this.#feeds) {
      if (looks-- <= 0 || this.bytesUsed <= bytes) return;
      this.#feeds.delete(history);
      if (feed.isIdle) {
        this.#histories.remove(history, TILES_ORDER);
        continue;
      }
      feed.isIdle = true;
      this.#feeds.set(history, feed);
    }
  }

  clear(): void {
    this.#feeds.clear();
    this.#histories.clear();
  }

  #begin(keyLow: number, keyHigh: number, kind: number): EntityFeed {
    const history = this.#create({ keyLow, keyHigh, kind });
    const feed = new EntityFeed({ name: nameOf(keyLow, keyHigh), kind, history });
    this.#feeds.set(history, feed);
    return feed;
  }

  #create({ keyLow, keyHigh, kind }: { keyLow: number; keyHigh: number; kind: number }): number {
    const history = this.#histories.create(keyLow, keyHigh);
    this.#histories.setWord(history, HEADER_WORD.kind, kind);
    return history;
  }

  #fold(feed: EntityFeed, record: EntityRecord): void {
    feed.advance();
    const print = fingerprint(record);
    if (feed.recent.has(print)) return;
    feed.recent.add(print, record.time);
    const { history } = feed;
    const kind = kindOf(record);
    if (kind === SIGNAL_RECORD) {
      const signal = SIGNAL_KINDS[record.attributes[0] ?? 0] ?? '';
      return this.#lifetimes.recordSignal(history, signal, record.time);
    }
    if (kind !== ROW_KIND.attempt) record.time = Math.max(record.time, this.#outcomes.newestTime(history));
    this.#taker.take(history, record);
  }
}

export function nameOf(keyLow: number, keyHigh: number): string {
  return keyHigh.toString(16).padStart(8, '0') + keyLow.toString(16).padStart(8, '0');
}

/** The key that has the name. */
export function keyOf(name: string): { readonly keyLow: number; readonly keyHigh: number } {
  return { keyLow: Number.parseInt(name.slice(8), 16), keyHigh: Number.parseInt(name.slice(0, 8), 16) };
}

function firstAttemptIn(feed: EntityFeed): PaymentId | undefined {
  const record = emptyRecord();
  const { ready } = feed;
  if (feed.next < 0) return undefined;
  for (let at = feed.next; at < ready.length; at += RECORD_BYTES) {
    readRecord(ready, at, record);
    if (kindOf(record) === ROW_KIND.attempt) return record;
  }
  return undefined;
}
