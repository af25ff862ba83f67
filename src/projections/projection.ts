/**
 * The read models of one log: an index over its records, and the fold of accounts and payments.
 * Whatever can be read in the log itself is not stored again, personal data least of all.
 *
 * Owns the order in which rows are applied and the checkpoint: the store always is the projection of
 * the log up to one position, and what lies behind it is read again after a restart. It can be thrown
 * away at any time; an `open` that finds one which does not fit the log does so.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  decodePersonalContent,
  decodePersonalParts,
  decodePlacedRow,
} from '#src/domain/encoding/row-codec.ts';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { bytes, struct, text, uint } from '#src/domain/encoding/codec.ts';
import type { PlacedRecord } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import type { PersonalContent } from '#src/domain/personal-part.ts';
import type { EventLogReader, LogRow } from '#src/ports/event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { BufferedStore } from './buffered-store.ts';
import { LedgerFold } from './ledger-fold.ts';
import { LedgerIndex, SEGMENT_RECORDS } from './ledger-index.ts';
import { ListDirectory } from './list-directory.ts';
import { TokenDirectory } from './token-directory.ts';
import { paymentCode } from './payment-code.ts';
import { PROJECTION_VERSION } from './projected-rows.ts';
import { addRecordTerms } from './record-terms.ts';
import type { HashSeed } from './term-hasher.ts';

interface Checkpoint {
  readonly ledgerId: string;
  readonly position: number;
  /** Hash of that row, so that another log with as many rows is noticed. */
  readonly hash: Uint8Array;
  readonly seedHigh: number;
  readonly seedLow: number;
  readonly segmentRecords: number;
}

const checkpointCodec = struct<Checkpoint>({
  ledgerId: text,
  position: uint,
  hash: bytes,
  seedHigh: uint,
  seedLow: uint,
  segmentRecords: uint,
});

const CHECKPOINT_KEY = 'meta/checkpoint';
/** Apart, because the checkpoint itself may look different in another version. */
const VERSION_KEY = 'meta/version';
const META_ROWS = 2;

/** Objects that are encoded before reads get their turn: some milliseconds. */
const FLUSH_STEP_OBJECTS = 1_000;

export interface ProjectionSettings {
  readonly store: StateStore;
  readonly log: EventLogReader;
  /** Random; used when the projection is made anew. */
  readonly seedIfNew: HashSeed;
  /** Records between two checkpoints when the projection is made anew; `SEGMENT_RECORDS` if absent. */
  readonly segmentRecords?: number;
  /** Told in words why a stored projection was thrown away. */
  readonly onRebuild?: (reason: string) => void;
}

interface ProjectionParts {
  readonly index: LedgerIndex;
  readonly lists: ListDirectory;
  readonly tokens: TokenDirectory;
  readonly checkpoint: Checkpoint;
}

export class Projection {
  readonly fold: LedgerFold;
  readonly index: LedgerIndex;
  readonly lists: ListDirectory;
  readonly tokens: TokenDirectory;
  readonly #store: BufferedStore;
  #checkpoint: Checkpoint;
  #position: number;
  #erasures = 0;
  #hasErased = false;

  private constructor(store: BufferedStore, parts: ProjectionParts) {
    this.#store = store;
    this.fold = new LedgerFold(store);
    this.index = parts.index;
    this.lists = parts.lists;
    this.tokens = parts.tokens;
    this.#checkpoint = parts.checkpoint;
    this.#position = parts.checkpoint.position;
  }

  /** At the stored checkpoint, or at the beginning when there is none that fits the log. */
  static async open(settings: ProjectionSettings): Promise<Projection> {
    return Projection.#load(settings, await usableCheckpoint(settings));
  }

  /** At the beginning, whatever is stored. */
  static async begin(settings: ProjectionSettings): Promise<Projection> {
    return Projection.#load(settings, freshCheckpoint(settings));
  }

  static async #load(settings: ProjectionSettings, checkpoint: Checkpoint): Promise<Projection> {
    const store = new BufferedStore(settings.store);
    const seed = { high: checkpoint.seedHigh, low: checkpoint.seedLow };
    const [index, lists, tokens] = await Promise.all([
      LedgerIndex.load(store, seed),
      ListDirectory.load(store),
      TokenDirectory.load(store),
    ]);
    return new Projection(store, { index, lists, tokens, checkpoint });
  }

  /** The log position that reads show. */
  get position(): number {
    return this.#position;
  }

  get checkpointPosition(): number {
    return this.#checkpoint.position;
  }

  /** How many rows the store has after a checkpoint, when it was made from the beginning by this object. */
  get storedRows(): number {
    return this.fold.storedRows + this.index.storedRows + this.lists.size + this.tokens.size + META_ROWS;
  }

  /** How many erasures were applied: what was read of the log before may be gone since. */
  get erasures(): number {
    return this.#erasures;
  }

  /** Applies the row that follows. @throws Error when it contradicts the ones before: the log is broken. */
  apply(row: LogRow): void {
    if (row.position !== this.#position + 1)
      throw new Error(`row ${row.position} does not follow ${this.#position}`);
    const parts = decodePersonalParts(row.personal);
    decodePlacedRow(row.body, { skipsVectors: true }).forEach((placed, index) => {
      const part = parts.get(index);
      const place = { position: row.position, record: index };
      this.#applyRecord(placed, place, part && decodePersonalContent(part));
    });
    this.#position = row.position;
  }

  /** Whether a checkpoint has to be made now. After an erasure always, so that the store forgets too. */
  get isCheckpointDue(): boolean {
    return this.#hasErased || this.index.openRecords >= this.#checkpoint.segmentRecords;
  }

  /**
   * Makes what was applied up to `row`, the last one, stay. No row may be applied until it has; reads
   * get their turn meanwhile.
   */
  async checkpoint(row: Pick<LogRow, 'position' | 'hash'>): Promise<void> {
    while (!this.fold.flushSome(FLUSH_STEP_OBJECTS)) await nextTurn();
    this.index.seal();
    const checkpoint = { ...this.#checkpoint, position: row.position, hash: row.hash };
    this.#store.put(CHECKPOINT_KEY, encodeCheckpoint(checkpoint));
    this.#store.put(VERSION_KEY, new TextEncoder().encode(PROJECTION_VERSION));
    await this.#store.commit();
    this.#checkpoint = checkpoint;
    this.#hasErased = false;
  }

  #applyRecord(
    { record, offset }: PlacedRecord,
    place: { position: number; record: number },
    personal: PersonalContent | undefined,
  ): void {
    const { input, shardTime: at } = record;
    this.index.addRecord(input, { ...place, offset, at, occurredAt: occurredAtOf(record) });
    addRecordTerms(record, personal, (kind, value) => this.index.addTerm(kind, value));
    for (const { state, inputs } of this.fold.apply(record, place.position)) {
      this.index.setCode(inputs[0] ?? input, paymentCode(state));
    }
    this.lists.apply(record);
    this.tokens.apply(record);
    this.#erase(record);
  }

  #erase({ events }: CommandRecord): void {
    for (const event of events) {
      if (event.type !== 'PersonalDataErased') continue;
      const inputs = event.parts.flatMap(({ position, record }) => {
        const first = this.index.firstInputOf(position);
        return first === undefined ? [] : [first + record];
      });
      this.index.erasePersonal(inputs);
      this.#erasures++;
      this.#hasErased = true;
    }
  }
}

function occurredAtOf({ events }: CommandRecord): number {
  for (const event of events) if (event.type === 'PaymentReceived') return event.facts.occurredAt;
  return 0;
}

function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const writer = new ByteWriter(256);
  checkpointCodec.write(writer, checkpoint);
  return writer.toBytes();
}

async function usableCheckpoint(settings: ProjectionSettings): Promise<Checkpoint> {
  const found = await findCheckpoint(settings);
  if (found && !('misfit' in found)) return found;
  if (found) {
    settings.onRebuild?.(found.misfit);
    await settings.store.clear();
  }
  return freshCheckpoint(settings);
}

function freshCheckpoint(settings: ProjectionSettings): Checkpoint {
  const { log, seedIfNew, segmentRecords = SEGMENT_RECORDS } = settings;
  return {
    ledgerId: log.identity.ledgerId,
    position: 0,
    hash: new Uint8Array(),
    seedHigh: seedIfNew.high,
    seedLow: seedIfNew.low,
    segmentRecords,
  };
}

export interface Misfit {
  /** In words, why the stored projection is not one of this log. */
  readonly misfit: string;
  /** It is of another version of this program, and says nothing about the log. */
  readonly isOtherFormat?: true;
}

/** What a replay needs to come to the same bytes. */
export interface StoredCheckpoint {
  readonly position: number;
  readonly segmentRecords: number;
  readonly seed: HashSeed;
}

/** How far the stored projection goes, and how it was made; undefined when nothing is stored. */
export async function readStoredCheckpoint(
  settings: Pick<ProjectionSettings, 'store' | 'log'>,
): Promise<Misfit | StoredCheckpoint | undefined> {
  const found = await findCheckpoint(settings);
  if (!found || 'misfit' in found) return found;
  const { position, segmentRecords, seedHigh: high, seedLow: low } = found;
  return { position, segmentRecords, seed: { high, low } };
}

async function findCheckpoint({
  store,
  log,
}: Pick<ProjectionSettings, 'store' | 'log'>): Promise<Checkpoint | Misfit | undefined> {
  const stored = store.get(CHECKPOINT_KEY);
  if (!stored) return undefined;
  const version = new TextDecoder().decode(store.get(VERSION_KEY));
  if (version !== PROJECTION_VERSION)
    return {
      misfit: `the read models have format ${version}; this version of Vouch writes ${PROJECTION_VERSION}`,
      isOtherFormat: true,
    };
  const checkpoint = checkpointCodec.read(new ByteReader(stored));
  const { ledgerId, position, hash } = checkpoint;
  if (ledgerId !== log.identity.ledgerId) return { misfit: 'the read models are those of another ledger' };
  const [row] = await log.read({ from: position, maxRows: 1, withPersonal: false });
  if (!row) return { misfit: `the read models know row ${position}, and the log ends before it` };
  if (Buffer.compare(row.hash, hash) === 0) return checkpoint;
  return { misfit: `row ${position} of the log is not the one that the read models know` };
}
