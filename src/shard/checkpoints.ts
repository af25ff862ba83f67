/**
 * Writes a shard's state behind the log: a checkpoint now and then, encoded a little after each batch
 * and written while batches go on. What a checkpoint holds and why it is consistent is the store's
 * (`pending/ledger-store.ts`); histories have a position of their own.
 */
import type { LedgerStore } from '#src/pending/ledger-store.ts';
import type { DurableFeatureStage } from '#src/ports/feature-stage.ts';
import { snapshotRegistry } from './registry-snapshot.ts';
import type { ShardState } from './shard-state.ts';

/**
 * Commands between two checkpoints: what a restart has to apply again, in less than a second. Objects that
 * changed meanwhile cannot be forgotten; with 50,000 commands their write kept the disk from the log for
 * longer, and cost as much for each payment.
 */
export const CHECKPOINT_EVERY_COMMANDS = 20_000;
/**
 * Objects encoded after one batch, so that no batch waits long for a checkpoint, and for each of its
 * commands, so that a checkpoint ends before the next is due: a payment changes three objects at most.
 */
const STEP_OBJECTS = 200;
const STEP_OBJECTS_FOR_COMMAND = 8;

export interface CheckpointsSettings {
  readonly ledger: LedgerStore;
  readonly state: ShardState;
  readonly features: DurableFeatureStage;
  readonly everyCommands: number;
}

export class Checkpoints {
  readonly #settings: CheckpointsSettings;
  #sinceLast = 0;
  #writeError: Error | undefined;

  constructor(settings: CheckpointsSettings) {
    this.#settings = settings;
  }

  /** A little work, with the state at `position`. @throws when a checkpoint could not be written. */
  async step(position: number, commands: number): Promise<void> {
    if (this.#writeError !== undefined) throw this.#writeError;
    const { ledger, features } = this.#settings;
    this.#sinceLast += commands;
    if (ledger.checkpointStage === 'none' && this.#sinceLast >= this.#settings.everyCommands)
      this.#begin(position);
    const objects = STEP_OBJECTS + STEP_OBJECTS_FOR_COMMAND * commands;
    if (ledger.checkpointStage === 'encoding' && ledger.encodeCheckpoint(objects)) {
      ledger.writeCheckpoint().catch((error: unknown) => {
        this.#writeError = new Error('the checkpoint was not written', { cause: error });
      });
    }
    await features.writeSome(position);
  }

  /** While the log is applied again nothing waits: whole checkpoints, so that memory stays bounded. */
  async catchUp(position: number, commands: number): Promise<void> {
    const { ledger, features } = this.#settings;
    this.#sinceLast += commands;
    if (this.#sinceLast >= this.#settings.everyCommands && position > ledger.checkpointPosition) {
      this.#begin(position);
      await this.#complete();
    }
    await features.writeSome(position);
  }

  /** The last checkpoint: with the state at `position`, everything is written. */
  async finish(position: number): Promise<void> {
    const { ledger, features } = this.#settings;
    if (ledger.checkpointStage !== 'none') await this.#complete();
    this.#begin(position);
    await this.#complete();
    await features.writeAll();
  }

  #begin(position: number): void {
    this.#sinceLast = 0;
    this.#settings.ledger.beginCheckpoint(position, snapshotRegistry(this.#settings.state));
  }

  async #complete(): Promise<void> {
    this.#settings.ledger.encodeCheckpoint(Number.MAX_SAFE_INTEGER);
    await this.#settings.ledger.writeCheckpoint();
  }
}
