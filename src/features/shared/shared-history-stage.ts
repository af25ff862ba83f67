/**
 * The features of a shard whose histories are shared with other shards.
 *
 * A batch first appends its attempts to the logs of their entities, and what became of earlier ones, and
 * reads what others have appended. An attempt's vector then holds what stands before it in each log, so
 * several shards count exactly, whatever order they come in. What is in memory is a cache of those logs.
 *
 * Whenever the store fails, or may have lost anything, vectors are unreadable (never those of a new
 * customer), until the log of the shard has been told again from the last row that the store surely has.
 */
import type { EntityPosition } from '#src/domain/events.ts';
import { EntityLogError, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { RemoteHistoriesReport } from '#src/ports/shard-report.ts';
import type {
  Attempt,
  ComingAttempt,
  DurableFeatureStage,
  EntityLabel,
  LedgerFacts,
  PaymentOutcome,
  RemoteHistories,
  SignalFact,
  VectorRow,
} from '#src/ports/feature-stage.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { SLOTS } from '#src/features/key-layout.ts';
import type { EntityRecord } from './entity-record.ts';
import { FoldedEntities, type PaymentId } from './folded-entities.ts';
import { FeedReader } from './feed-reader.ts';
import { COMPACTION_LIMITS, grownLogOf, LogCompaction, type CompactionLimits } from './log-compaction.ts';
import { LogExchange } from './log-exchange.ts';
import { READ_SLOTS, SharedVectors } from './shared-vectors.ts';
import { StoreProgress } from './store-progress.ts';
import { FLAGGED_SLOTS, PLAIN_SLOTS, TellingAgain } from './telling-again.ts';
import { amountIn, ToldRecords, type ToldRecord, type ToReference } from './told-records.ts';

export interface SharedHistorySettings {
  readonly store: EntityLogStore;
  readonly shard: number;
  /** How many shards share the store. */
  readonly shards: number;
  readonly toReference: ToReference;
  /** Memory for histories in use. */
  readonly cacheBytes: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When logs are compacted; others than usual in tests. */
  readonly compaction?: CompactionLimits;
  /** Told once for each failure: vectors are unreadable from here on. */
  readonly onAway: (error: EntityLogError) => void;
}

/** Feeds looked at for room: several for each that an attempt may bring. */
const LOOKS_FOR_EACH = 64;
const LOOKS_AT_LEAST = 1024;
/** Logs compacted behind a batch, so that the next one does not wait long; a quarter of a millisecond each. */
const COMPACTED_AT_ONCE = 4;
const COMPACTED_FOR_EACH = 1 / 4;

export class SharedHistoryStage implements DurableFeatureStage {
  readonly featureCount: number = FEATURE_COUNT;
  /** Nothing of the shard's own is written. */
  readonly writtenPosition = 0;
  readonly remote: RemoteHistories;
  readonly #settings: SharedHistorySettings;
  readonly #folded = new FoldedEntities();
  readonly #reader: FeedReader;
  readonly #vectors: SharedVectors;
  readonly #told: ToldRecords;
  readonly #progress: StoreProgress;
  readonly #compaction: LogCompaction;
  readonly #again: TellingAgain;
  /** What became of attempts since the last round trip; its row is in the log before the next begins. */
  #outcomes: ToldRecord[] = [];
  #exchange: LogExchange | undefined;
  /** Attempts of the batch that are not observed yet. */
  readonly #ahead = new Set<string>();
  /** Shard time of the first of them. */
  #oldestOutcomeAt: number | undefined;
  /** Of those that were told last. */
  #outcomeLagMs = 0;
  #position = 1;
  #compactedAtOnce = COMPACTED_AT_ONCE;
  #isReadable = false;
  #isBusy = false;

  constructor(settings: SharedHistorySettings) {
    const { store, shard, shards, now } = settings;
    this.#settings = settings;
    this.#reader = new FeedReader(store, this.#folded);
    this.#vectors = new SharedVectors(this.#folded);
    this.#told = new ToldRecords(shard);
    this.#progress = new StoreProgress({ store, shard, shards, now });
    const progress = this.#progress;
    this.#compaction = new LogCompaction({
      store,
      now,
      settledBefore: () => progress.settledBefore(),
      limits: settings.compaction ?? COMPACTION_LIMITS,
    });
    this.#again = new TellingAgain({
      store,
      shard,
      told: this.#told,
      progress,
      compaction: this.#compaction,
    });
    this.remote = {
      firstMissing: (head) => {
        this.#noticeEpoch();
        return this.#orAway(() => this.#firstMissing(head), undefined);
      },
      tellAgain: (row, tell) => this.#orAway(() => this.#again.tell(row, tell), false),
      reread: (attempt, values) => this.#orAway(() => this.#reread(attempt, values), false),
      claim: (ids) => this.#claim(ids),
      report: (now) => this.#report(now),
    };
  }

  /** Whether the store has all that this shard knows, so that its vectors can be read. */
  get isCurrent(): boolean {
    return this.#progress.isCurrent;
  }

  beginRow(position: number): void {
    this.#position = position;
  }

  async load(attempts: readonly ComingAttempt[]): Promise<void> {
    this.#isBusy = true;
    this.#settle();
    this.#forgetUnused(attempts.length);
    this.#compactedAtOnce = COMPACTED_AT_ONCE + Math.ceil(COMPACTED_FOR_EACH * attempts.length);
    this.#isReadable = false;
    this.#ahead.clear();
    this.#noticeEpoch();
    if (!this.#progress.isCurrent) return;
    if (attempts.length === 0 && this.#outcomes.length === 0) return;
    await this.#orAway(async () => {
      await this.#run(attempts, this.#position - 1);
      this.#isReadable = await this.#progress.isWhole();
    }, undefined);
  }

  observe(attempt: Attempt, facts: LedgerFacts, row: VectorRow): readonly EntityPosition[] {
    if (this.#again.isTelling) {
      this.#again.addAttempt(attempt);
      return [];
    }
    const { amount: amountMinor, asset } = attempt.request.facts;
    const amount = amountIn(this.#settings.toReference, amountMinor, asset);
    const target = { facts, row, amount };
    const epoch = this.#progress.epoch;
    if (!this.#exchange || epoch === undefined) {
      this.#vectors.writeUnreadable(attempt, target);
      return [];
    }
    this.#ahead.delete(textOf(this.#vectors.idOf(attempt.entityKeys)));
    const isAhead = (id: PaymentId) => this.#ahead.has(textOf(id));
    const positions = this.#vectors.write(attempt, { ...target, isAhead }, epoch);
    if (!this.#isReadable) this.#vectors.markSent(attempt.entityKeys, row);
    return positions;
  }

  recordOutcome(outcome: PaymentOutcome): void {
    const amount = amountIn(this.#again.rates ?? this.#settings.toReference, outcome.amount, outcome.asset);
    this.#keep(this.#told.ofOutcome(outcome, amount), outcome.shardTime);
  }

  recordSignal(signal: SignalFact): void {
    this.#keep(this.#told.ofSignal(signal), signal.shardTime);
  }

  recordLabel(label: EntityLabel): void {
    this.#keep(this.#told.ofLabel(label), label.shardTime);
  }

  /** Outcomes do not wait for the next attempt when none comes. */
  async writeSome(durablePosition: number): Promise<void> {
    const isIdle = !this.#isBusy;
    this.#isBusy = false;
    if (isIdle) await this.#tellOutcomes(durablePosition);
    if (this.#progress.isCurrent)
      await this.#orAway(() => this.#compaction.run(this.#compactedAtOnce), undefined);
  }

  /** The row under way may have come to nothing, so it may be told again. */
  async writeAll(): Promise<void> {
    await this.#tellOutcomes(this.#position - 1);
  }

  /** The log is shorter than it was: the store is told all of it again. */
  async clear(): Promise<void> {
    this.#forgetAll();
    await this.#orAway(() => this.#progress.forget(), undefined);
  }

  close(): Promise<void> {
    return this.#settings.store.close();
  }

  /** Then everything of the rows up to `toldPosition` is in the store. */
  async #run(attempts: readonly ComingAttempt[], toldPosition: number): Promise<void> {
    const exchange = this.#beginExchange();
    for (const { keyLow, keyHigh, slot, record } of this.#outcomes)
      exchange.add(this.#folded.feedOf(keyLow, keyHigh, slot), record);
    this.#exchange = exchange;
    for (const attempt of attempts) {
      this.#add(exchange, attempt, { slots: PLAIN_SLOTS, isFirstSeenCard: false });
      for (const slot of READ_SLOTS) {
        const feed = this.#vectors.feedOf(attempt.entityKeys, slot);
        if (feed) exchange.follow(feed);
      }
      this.#ahead.add(textOf(this.#vectors.idOf(attempt.entityKeys)));
    }
    await exchange.run();
    this.#outcomes = [];
    this.#noteOutcomesTold();
    for (const attempt of attempts) {
      const card = this.#vectors.feedOf(attempt.entityKeys, SLOTS.card);
      const isFirstSeenCard =
        card !== undefined && this.#folded.isFirstSeen(card, this.#vectors.idOf(attempt.entityKeys));
      this.#add(exchange, attempt, { slots: FLAGGED_SLOTS, isFirstSeenCard });
    }
    await Promise.all([exchange.run(), this.#progress.noteTold(toldPosition)]);
    if (!this.#progress.isOfStore) throw new EntityLogError('changed', 'the epoch has ended meanwhile');
  }

  #beginExchange(): LogExchange {
    const { store, now } = this.#settings;
    return new LogExchange({
      store,
      reader: this.#reader,
      now: now(),
      onAppended: (feed, length, added) => this.#compaction.note(grownLogOf(feed, length, added)),
    });
  }

  #add(
    exchange: LogExchange,
    attempt: ComingAttempt,
    { slots, isFirstSeenCard }: { slots: readonly number[]; isFirstSeenCard: boolean },
  ): void {
    const amount = amountIn(this.#settings.toReference, attempt.amount, attempt.asset);
    for (const told of this.#told.ofAttempt(attempt, { slots, amount, isFirstSeenCard })) {
      const feed = this.#folded.feedOf(told.keyLow, told.keyHigh, told.slot);
      this.#folded.restartIfTaken(feed, told.record);
      exchange.add(feed, told.record);
    }
  }

  #keep(records: readonly ToldRecord[], shardTime: number): void {
    if (this.#again.isTelling) return this.#again.addRecords(records);
    // What waits longest says the lag also while nothing can be told.
    if (records.length > 0) this.#oldestOutcomeAt ??= shardTime;
    if (this.#progress.isCurrent) this.#outcomes.push(...records);
  }

  #report(now: number): RemoteHistoriesReport {
    const { isCurrent, isWholeKnown } = this.#progress;
    const lagMs = this.#oldestOutcomeAt === undefined ? this.#outcomeLagMs : now - this.#oldestOutcomeAt;
    return { isReadable: isCurrent && isWholeKnown, outcomeLagMs: Math.max(0, lagMs) };
  }

  #noteOutcomesTold(): void {
    if (this.#oldestOutcomeAt !== undefined)
      this.#outcomeLagMs = this.#settings.now() - this.#oldestOutcomeAt;
    this.#oldestOutcomeAt = undefined;
  }

  async #tellOutcomes(durablePosition: number): Promise<void> {
    if (!this.#progress.isCurrent || this.#outcomes.length === 0) return;
    await this.#orAway(async () => {
      this.#settle();
      await this.#run([], durablePosition);
    }, undefined);
  }

  async #reread(attempt: Attempt, values: Float32Array): Promise<boolean> {
    if (!this.#progress.isCurrent || !(await this.#progress.isWhole())) return false;
    return this.#again.reread(attempt, { values, toReference: this.#settings.toReference });
  }

  async #firstMissing(head: number): Promise<number | undefined> {
    const position = await this.#progress.firstMissing(head);
    if (!this.#progress.isCurrent) return position;
    this.#again.forget();
    if (this.#outcomes.length === 0) this.#noteOutcomesTold();
    return position;
  }

  /** Nothing else waits for it: a failure is the store's to notice. */
  async #claim(paymentIds: readonly string[]): Promise<readonly number[]> {
    const { store, shard } = this.#settings;
    if (paymentIds.length === 0 || store.standing.type === 'away') return [];
    return this.#orAway(() => store.claim(paymentIds, shard), []);
  }

  /** The store may have come back with another epoch, with nobody asking it in between. */
  #noticeEpoch(): void {
    if (!this.#progress.isCurrent || this.#progress.isOfStore) return;
    this.#forgetAll();
    this.#again.forget();
    this.#progress.lose(false);
  }

  #forgetUnused(attempts: number): void {
    this.#folded.forget(LOOKS_AT_LEAST + LOOKS_FOR_EACH * attempts, this.#settings.cacheBytes);
  }

  /** Folds what was read and is no attempt that this shard has yet to observe. */
  #settle(): void {
    const isOwn = ({ shard }: EntityRecord) => shard === this.#settings.shard;
    this.#exchange?.settle((feed) => this.#folded.foldBefore(feed, isOwn));
    this.#exchange = undefined;
  }

  #forgetAll(): void {
    this.#exchange = undefined;
    this.#isReadable = false;
    this.#outcomes = [];
    this.#ahead.clear();
    this.#folded.clear();
    this.#compaction.forget();
  }

  /** Does what needs the store. When that fails nothing in memory is believed any more, and `otherwise` is given. */
  async #orAway<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EntityLogError)) throw error;
      this.#forgetAll();
      this.#progress.lose(error.fault === 'lost');
      this.#again.forget();
      this.#settings.onAway(error);
      return otherwise;
    }
  }
}

function textOf({ idLow, idHigh }: PaymentId): string {
  return `${idLow}/${idHigh}`;
}
