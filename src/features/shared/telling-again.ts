/**
 * Tells a store of shared logs again what a shard's log says, where it may have lost it or was away, and
 * reads an entity's whole log where a decision is taken later.
 *
 * Whoever tells again looks first: a record that the log has is not appended. So repetitions are left to
 * what is on its way when a connection breaks.
 */
import { RECORD_BYTES, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import { type Attempt, NO_LEDGER_FACTS, type RowToTell } from '#src/ports/feature-stage.ts';
import { firstAttemptIn } from '#src/features/history/history-image.ts';
import { ROW_KIND } from '#src/features/history/history-row.ts';
import { ENTITY_SLOTS, KeyReader, SLOT_COUNT, SLOTS } from '#src/features/key-layout.ts';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import { copyEntityFeatures } from './unreadable-features.ts';
import { emptyRecord, fingerprint, kindOf, readRecord, type EntityRecord } from './entity-record.ts';
import { readFeedImage } from './feed-image.ts';
import { FeedReader, readWholeLogs } from './feed-reader.ts';
import { FoldedEntities, nameOf, type PaymentId } from './folded-entities.ts';
import type { LogCompaction } from './log-compaction.ts';
import { type LogShape, readShape } from './log-shape.ts';
import { RecentRecords } from './recent-records.ts';
import { SharedVectors } from './shared-vectors.ts';
import type { StoreProgress } from './store-progress.ts';
import { amountIn, type ToldRecord, type ToldRecords, type ToReference } from './told-records.ts';

/** Merchants and BINs say whether a card was seen for the first time, which its own log has to say before. */
export const FLAGGED_SLOTS: readonly number[] = [SLOTS.merchant, SLOTS.bin];
export const PLAIN_SLOTS: readonly number[] = [...ENTITY_SLOTS.keys()].filter(
  (slot) => !FLAGGED_SLOTS.includes(slot),
);

/** Feature times lie up to a day before the row in which they were received, and clocks differ. */
const LOOK_BACK_MS = 25 * 3_600_000;
/** Beyond it what is known of logs is forgotten, and read again: some hundred bytes for each. */
const KNOWN_MAX = 200_000;

/** Of one log: the shard's own newer records, those that only a compacted head has, and the first attempt. */
interface KnownLog {
  shape: LogShape;
  readonly own: Set<string>;
  readonly compacted: RecentRecords;
  first: PaymentId | undefined;
}

export interface TellingAgainParts {
  readonly store: EntityLogStore;
  readonly shard: number;
  readonly told: ToldRecords;
  readonly progress: StoreProgress;
  readonly compaction: LogCompaction;
}

/** Logs compacted for each row that is told. */
const COMPACTED_AT_ONCE = 16;

export class TellingAgain {
  readonly #parts: TellingAgainParts;
  readonly #known = new Map<string, KnownLog>();
  readonly #reader = new KeyReader();
  #row: RowToTell | undefined;
  #attempts: Attempt[] = [];
  #records: ToldRecord[] = [];

  constructor(parts: TellingAgainParts) {
    this.#parts = parts;
  }

  /** While `tell` is at work, what is observed and recorded comes here. */
  get isTelling(): boolean {
    return this.#row !== undefined;
  }

  get rates(): ToReference | undefined {
    return this.#row?.toReference;
  }

  addAttempt(attempt: Attempt): void {
    this.#attempts.push(attempt);
  }

  addRecords(records: readonly ToldRecord[]): void {
    this.#records.push(...records);
  }

  forget(): void {
    this.#known.clear();
  }

  /** @throws EntityLogError */
  async tell(row: RowToTell, tell: () => void): Promise<boolean> {
    const { progress } = this.#parts;
    if (!(await progress.mayTellAgain(row))) return false;
    this.#attempts = [];
    this.#records = [];
    this.#row = row;
    try {
      tell();
    } finally {
      this.#row = undefined;
    }
    await this.#appendMissing(row);
    progress.noteToldAgain(row);
    return true;
  }

  /** Writes the vector of an attempt from scratch; false when it was not told, or not to all of its logs. */
  async reread(
    attempt: Attempt,
    { values, toReference }: { values: Float32Array; toReference: ToReference },
  ): Promise<boolean> {
    const folded = new FoldedEntities();
    const vectors = new SharedVectors(folded);
    const { entityKeys } = attempt;
    const feeds = Array.from(
      { length: SLOT_COUNT },
      (_, slot) => vectors.feedOf(entityKeys, slot) ?? [],
    ).flat();
    await new FeedReader(this.#parts.store, folded).bring(feeds);
    const { amount, asset } = attempt.request.facts;
    const vector = new Float32Array(FEATURE_COUNT);
    const target = {
      facts: NO_LEDGER_FACTS,
      row: { values: vector, offset: 0 },
      amount: amountIn(toReference, amount, asset),
      isAhead: () => false,
    };
    if (vectors.write(attempt, target, 0).length < feeds.length) return false;
    copyEntityFeatures(vector, values);
    return true;
  }

  async #appendMissing(row: RowToTell): Promise<void> {
    const plain = this.#attempts.flatMap((attempt) =>
      this.#recordsOf(attempt, row, { slots: PLAIN_SLOTS, isFirstSeenCard: false }),
    );
    await this.#append([...plain, ...this.#records], row);
    const flagged = this.#attempts.flatMap((attempt) =>
      this.#recordsOf(attempt, row, { slots: FLAGGED_SLOTS, isFirstSeenCard: this.#isFirstSeen(attempt) }),
    );
    await this.#append(flagged, row);
    await this.#parts.compaction.run(COMPACTED_AT_ONCE);
    if (this.#known.size > KNOWN_MAX) this.#known.clear();
  }

  #recordsOf(
    { request, entityKeys, featureTime }: Attempt,
    { toReference }: RowToTell,
    kind: { slots: readonly number[]; isFirstSeenCard: boolean },
  ): readonly ToldRecord[] {
    const amount = amountIn(toReference, request.facts.amount, request.facts.asset);
    return this.#parts.told.ofAttempt({ entityKeys, featureTime }, { ...kind, amount });
  }

  async #append(records: readonly ToldRecord[], { shardTime }: RowToTell): Promise<void> {
    const missing = new Map<string, { kind: number; records: Uint8Array[] }>();
    await this.#look(records, shardTime - LOOK_BACK_MS);
    const record = emptyRecord();
    for (const told of records) {
      const name = nameOf(told.keyLow, told.keyHigh);
      const known = this.#known.get(name);
      readRecord(told.record, 0, record);
      if (!known || has(known, record)) continue;
      note(known, record);
      const { records: before } = missing.get(name) ?? { records: [] };
      missing.set(name, { kind: told.slot, records: [...before, told.record] });
    }
    if (missing.size > 0) await this.#appendTo(missing);
  }

  async #appendTo(
    logs: ReadonlyMap<string, { readonly kind: number; readonly records: readonly Uint8Array[] }>,
  ): Promise<void> {
    const appends = [...logs].map(([name, { records }]) => ({ name, records: Buffer.concat(records) }));
    const lengths = await this.#parts.store.append(appends);
    for (const [index, { name, records }] of appends.entries()) {
      const known = this.#known.get(name);
      if (!known) continue;
      this.#parts.compaction.note({
        name,
        kind: logs.get(name)?.kind ?? 0,
        shape: known.shape,
        lengthBytes: lengths[index] ?? 0,
        addedBytes: records.length,
        onCompacted: (shape) => void (known.shape = shape),
      });
    }
  }

  /** Reads the logs that are not known yet, whole. */
  async #look(records: readonly ToldRecord[], since: number): Promise<void> {
    const names = [...new Set(records.map(({ keyLow, keyHigh }) => nameOf(keyLow, keyHigh)))];
    const unknown = names.filter((name) => !this.#known.has(name));
    if (unknown.length === 0) return;
    const logs = await readWholeLogs(this.#parts.store, unknown);
    for (const [index, name] of unknown.entries())
      this.#known.set(name, this.#knownOf(logs[index] ?? new Uint8Array(), since));
  }

  #knownOf(log: Uint8Array, since: number): KnownLog {
    const shape = readShape(log);
    const image = readFeedImage(log);
    const first = image && firstAttemptIn(image.history);
    const compacted = RecentRecords.of(image?.recent ?? new Uint32Array());
    const known: KnownLog = { shape, own: new Set(), compacted, first };
    const record = emptyRecord();
    for (let at = shape.headBytes; at < log.length; at += RECORD_BYTES) {
      readRecord(log, at, record);
      if (record.shard === this.#parts.shard && record.time >= since) note(known, record);
      else noteFirst(known, record);
    }
    return known;
  }

  #isFirstSeen({ entityKeys }: Attempt): boolean {
    const words = this.#reader.read(entityKeys);
    const first = this.#known.get(nameOf(words[2 * SLOTS.card] ?? 0, words[2 * SLOTS.card + 1] ?? 0))?.first;
    const id = 2 * SLOT_COUNT;
    return first !== undefined && first.idLow === words[id] && first.idHigh === words[id + 1];
  }
}

function note(known: KnownLog, record: EntityRecord): void {
  known.own.add(identityOf(record));
  noteFirst(known, record);
}

function has({ own, compacted }: KnownLog, record: EntityRecord): boolean {
  return own.has(identityOf(record)) || compacted.has(fingerprint(record));
}

function noteFirst(known: KnownLog, record: EntityRecord): void {
  if (kindOf(record) !== ROW_KIND.attempt) return;
  known.first ??= { idLow: record.idLow, idHigh: record.idHigh };
}

function identityOf(record: EntityRecord): string {
  const { idLow, idHigh, origin, time } = record;
  const kind = kindOf(record);
  return kind === ROW_KIND.attempt ? `${idLow}/${idHigh}` : `${idLow}/${idHigh}/${kind}/${origin}/${time}`;
}
