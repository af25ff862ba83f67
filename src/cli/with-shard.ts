/** Work on the shard of a data folder that no server uses: takes the lock, and gives everything back. */
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { shardSettings } from '#src/app-settings.ts';
import type { Config } from '#src/config/config-schema.ts';
import { makeDataFolder, type DataFolder } from '#src/data-folder.ts';
import { createLogger } from '#src/observability/logger.ts';
import { assertNotMoved } from '#src/moved-folder.ts';
import { startShard, type ShardClient } from '#src/shard-client.ts';
import type { ShardSettings } from '#src/shard-parts.ts';

export interface OpenShard {
  readonly shard: ShardClient;
  readonly folder: DataFolder;
  readonly settings: ShardSettings;
}

/** @throws DataFolderLocked while a server, or another command, writes there. */
export async function withShard<T>(
  config: Config,
  folderPath: string,
  work: (open: OpenShard) => Promise<T>,
): Promise<T> {
  const folder = makeDataFolder(folderPath);
  assertNotMoved(folder.path);
  const settings = await shardSettings(config, folder.path);
  const lock = acquireDataFolderLock(folder.path);
  try {
    const shard = await startShard(settings, createLogger('warn'));
    try {
      return await work({ shard, folder, settings });
    } finally {
      await shard.stop();
    }
  } finally {
    lock.release();
  }
}
