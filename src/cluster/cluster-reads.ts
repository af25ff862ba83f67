/**
 * The reads of a process in a cluster: a mirror of every shard's log, read models on a thread for each,
 * and their answers put together.
 */
import type { BrokerClient } from '#src/adapters/kafka/kafka-client.ts';
import { openLogFollower } from '#src/adapters/kafka/log-follower.ts';
import type { TopicNames } from '#src/adapters/kafka/topic-names.ts';
import { openSqliteLogMirror } from '#src/adapters/sqlite/sqlite-log-mirror.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { LedgerQueries } from '#src/ports/ledger-queries.ts';
import { startProjections, type RunningProjections } from '#src/projection-client.ts';
import { clusterQueries } from './cluster-queries.ts';
import { readFolder } from './shard-folders.ts';

export interface ClusterReadsSettings {
  readonly kafka: BrokerClient;
  readonly topics: TopicNames;
  readonly groupId: string;
  readonly ledgerId: string;
  readonly shards: number;
  readonly dataFolder: string;
  readonly log: Logger;
}

export interface ClusterReads {
  readonly queries: LedgerQueries;
  /** Rows of all shards that reads do not show yet, as far as is known. */
  lag(): number;
  /** Why reads do not follow any more; undefined while they do. */
  readonly failure: string | undefined;
  stop(): Promise<void>;
}

/** Resolves when reads show what the topics held, or say how far they are. */
export async function startClusterReads(settings: ClusterReadsSettings): Promise<ClusterReads> {
  const { ledgerId, dataFolder, log } = settings;
  const shards = Array.from({ length: settings.shards }, (_, shard) => shard);
  const folders = shards.map((shard) => readFolder(dataFolder, shard));
  const mirrors = folders.map((folder, shard) => openSqliteLogMirror(folder.log, { ledgerId, shard }));
  const projections = await Promise.all(folders.map((folder) => startProjections(folder, log)));
  let failure: string | undefined;
  const follower = await openLogFollower({
    ...settings,
    mirrors,
    onPosition: (shard, position) => projections[shard]?.notify(position),
    onDiverged(error) {
      failure = error.message;
      log.error('reads stand still: the topics hold another log than this folder', { error });
    },
  });
  await follower.caughtUp;
  return {
    queries: clusterQueries(projections.map(({ queries }) => queries)),
    lag: () => sum(shards.map((shard) => follower.lag(shard) + (projections[shard]?.lag() ?? 0))),
    get failure() {
      return failure ?? (follower.isReading ? undefined : 'rows of the shards do not come in');
    },
    async stop() {
      await stopAll(projections);
      await follower.close();
    },
  };
}

async function stopAll(projections: readonly RunningProjections[]): Promise<void> {
  for (const each of projections) await each.stop();
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
