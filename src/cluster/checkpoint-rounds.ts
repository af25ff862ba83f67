/** Puts down checkpoints of the shards that a worker has, one after the other, from time to time. */
import type { Logger } from '#src/observability/logger.ts';
import type { ObjectStore } from '#src/ports/object-store.ts';
import { restoreShardCheckpoint, writeShardCheckpoint } from './shard-checkpoint.ts';
import { ownerFolder } from './shard-folders.ts';

export interface CheckpointSettings {
  readonly store: ObjectStore;
  readonly everyMs: number;
}

export interface CheckpointRoundsSettings extends CheckpointSettings {
  readonly dataFolder: string;
  readonly ledgerId: string;
  /** The shards to put down. */
  readonly shards: () => Iterable<number>;
  readonly log: Logger;
}

export class CheckpointRounds {
  readonly #settings: CheckpointRoundsSettings;
  /** Position of the last checkpoint of each shard: one without new rows is not worth another. */
  readonly #written = new Map<number, number>();
  readonly #timer: NodeJS.Timeout;
  #round: Promise<void> | undefined;

  constructor(settings: CheckpointRoundsSettings) {
    this.#settings = settings;
    this.#timer = setInterval(() => void this.write(), settings.everyMs);
    this.#timer.unref();
  }

  /** Before a shard is opened. A checkpoint that cannot be had costs time, nothing else. */
  async restore(shard: number): Promise<void> {
    const { log } = this.#settings;
    try {
      const position = await restoreShardCheckpoint(this.#placeOf(shard));
      if (position !== undefined) log.info(`shard ${shard}: begins with a checkpoint`, { position });
    } catch (error) {
      log.warn(`shard ${shard}: no checkpoint could be read`, errorOf(error));
    }
  }

  /** One of each shard; what is under way already is waited for. */
  write(): Promise<void> {
    this.#round ??= this.#writeAll().finally(() => (this.#round = undefined));
    return this.#round;
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#round;
  }

  async #writeAll(): Promise<void> {
    const { log, shards } = this.#settings;
    for (const shard of shards()) {
      try {
        const position = await writeShardCheckpoint(this.#placeOf(shard), this.#written.get(shard));
        if (position !== undefined) this.#written.set(shard, position);
      } catch (error) {
        log.warn(`shard ${shard}: no checkpoint could be written`, errorOf(error));
      }
    }
  }

  #placeOf(shard: number) {
    const { store, dataFolder, ledgerId } = this.#settings;
    return { store, identity: { ledgerId, shard }, folder: ownerFolder(dataFolder, shard) };
  }
}

function errorOf(error: unknown) {
  return { cause: 'checkpoint', ...(error instanceof Error ? { error } : {}) };
}
