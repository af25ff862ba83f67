/**
 * The features of a shard whose histories outlive the process: within a bound of memory, written
 * behind the log, brought back when they are asked for.
 */
import type {
  Attempt,
  ComingAttempt,
  DurableFeatureStage,
  LedgerFacts,
  VectorRow,
} from '#src/ports/feature-stage.ts';
import type { EntityPosition } from '#src/domain/events.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { HistoryFeatureStage } from './history-feature-stage.ts';
import type { HistoryFeatureSettings } from './history-feature-stage.ts';

export interface DurableHistorySettings extends HistoryFeatureSettings {
  /** The stage's own: it is closed with it. */
  readonly store: StateStore;
  readonly cacheBytes: number;
  /** Fewer changed histories wait for more, because each write ends with a sync. */
  readonly writtenAtLeast?: number;
}

/** Attempts within which every change reaches the store: what a restart after a crash replays. */
const WRITTEN_WITHIN_ATTEMPTS = 100_000;
/** Histories written when nothing else is to be done. */
const WRITTEN_WHILE_IDLE = 512;
/** About a hundred payments: a sync for each batch would be one too many. */
const WRITTEN_AT_LEAST = 512;

/** Places of the index that are looked at for room: several for each history that a command may bring. */
const LOOKS_FOR_EACH = 64;
const LOOKS_AT_LEAST = 1024;

export class DurableHistoryStage extends HistoryFeatureStage implements DurableFeatureStage {
  #attemptsSinceWrite = 0;
  /** Since `writeSome` was last called: none means that nothing else is to be done. */
  #attemptsSinceCall = 0;
  /** The write under way; the shard goes on meanwhile. */
  #writing: Promise<void> | undefined;
  #writeError: Error | undefined;

  readonly #writtenAtLeast: number;

  constructor(settings: DurableHistorySettings) {
    super(settings);
    this.#writtenAtLeast = settings.writtenAtLeast ?? WRITTEN_AT_LEAST;
  }

  get writtenPosition(): number {
    return this.keeper.writtenPosition;
  }

  beginRow(position: number): void {
    this.keeper.begin(position);
  }

  /** Makes room; a batch itself takes what it takes. */
  override async load(attempts: readonly ComingAttempt[]): Promise<void> {
    if (this.keeper.isShort) this.keeper.forget(LOOKS_AT_LEAST + LOOKS_FOR_EACH * attempts.length);
  }

  override observe(attempt: Attempt, facts: LedgerFacts, row: VectorRow): readonly EntityPosition[] {
    this.#attemptsSinceWrite++;
    this.#attemptsSinceCall++;
    return super.observe(attempt, facts, row);
  }

  /**
   * Begins to write as much as brings every change to the store within `WRITTEN_WITHIN_ATTEMPTS`,
   * whatever the size of batches, and what memory needs; waits only when that is full. Throws what the write before failed of.
   */
  async writeSome(durablePosition: number): Promise<void> {
    const isIdle = this.#attemptsSinceCall === 0;
    this.#attemptsSinceCall = 0;
    if (this.#writing && this.keeper.isFull) await this.#writing;
    if (this.#writeError) throw this.#writeError;
    if (this.#writing) return;
    const count = this.#countToWrite(isIdle);
    if (count === 0 && this.keeper.coldCount === 0) return;
    this.#attemptsSinceWrite = 0;
    this.#writing = this.#write(count, durablePosition);
  }

  #countToWrite(isIdle: boolean): number {
    const changed = this.keeper.changedCount;
    if (isIdle) return WRITTEN_WHILE_IDLE;
    const due = Math.ceil((changed * this.#attemptsSinceWrite) / WRITTEN_WITHIN_ATTEMPTS);
    return due < this.#writtenAtLeast ? 0 : due;
  }

  async writeAll(): Promise<void> {
    await this.#writing;
    const { position } = this.keeper;
    do {
      if (this.#writeError) throw this.#writeError;
      await this.#write(Number.MAX_SAFE_INTEGER, position);
    } while (this.keeper.changedCount > 0);
  }

  /** Forgets everything, in memory and in the store. */
  clear(): Promise<void> {
    return this.keeper.clear();
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.keeper.close();
  }

  async #write(count: number, position: number): Promise<void> {
    try {
      await this.keeper.write(count, position);
    } catch (error) {
      this.#writeError = new Error('histories were not written', { cause: error });
    }
    this.#writing = undefined;
  }
}
