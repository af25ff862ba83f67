/** Where a process of a cluster keeps what it has of each shard. All of it can be made again from the topics. */
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadFolder {
  /** The mirror of the shard's log. */
  readonly log: string;
  readonly projections: string;
}

/** What reads of one shard need; the folder is made where it is missing. */
export function readFolder(dataFolder: string, shard: number): ReadFolder {
  const folder = join(dataFolder, 'reads', `shard-${shard}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { log: join(folder, 'mirror.db'), projections: join(folder, 'projections') };
}

export interface OwnerFolder {
  /** The mirror of the shard's log. */
  readonly log: string;
  readonly anchors: string;
  readonly state: string;
  readonly histories: string;
}

/** What the owner of one shard needs; the folder is made where it is missing. */
export function ownerFolder(dataFolder: string, shard: number): OwnerFolder {
  const folder = join(dataFolder, `shard-${shard}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    log: join(folder, 'mirror.db'),
    anchors: join(folder, 'anchors.log'),
    state: join(folder, 'state'),
    histories: join(folder, 'histories'),
  };
}

/**
 * The copies of the shards' logs that reads are made from, by index, as far as the folder knows of them:
 * a file that is named here need not be there.
 */
export function shardLogs(dataFolder: string): readonly string[] {
  const reads = join(dataFolder, 'reads');
  const names = existsSync(reads) ? readdirSync(reads) : [];
  const indices = names.flatMap((name) => /^shard-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const count = Math.max(-1, ...indices) + 1;
  return Array.from({ length: count }, (_, shard) => join(reads, `shard-${shard}`, 'mirror.db'));
}
