/** `vouch features rebuild`: has the shards of a cluster tell the shared histories again from their logs. */
import { setTimeout as wait } from 'node:timers/promises';
import { openRedisEntityLogStore } from '#src/adapters/redis/redis-entity-log-store.ts';
import { rebuildHistories, type RebuildReport } from '#src/cluster/rebuild-histories.ts';
import { redisSettings } from '#src/cluster/shared-histories.ts';
import { EntityLogError } from '#src/ports/entity-log-store.ts';
import { EXIT_FAILED, EXIT_OK, flagOption, JSON_OPTION, UsageError } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf } from './config-option.ts';
import { createProgress } from './progress.ts';

/** Between two looks at how far the shards are. */
const LOOK_EVERY_MS = 500;

export const featuresRebuild: CliCommand = {
  name: 'features rebuild',
  summary: 'Empties the histories that shards share, and has running workers tell them again from the log.',
  usage: '--config FILE [--json]',
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  run: rebuild,
};

async function rebuild(input: CommandInput): Promise<number> {
  const { cluster } = configOf(input);
  if (!cluster?.redis)
    throw new UsageError(
      'there is no cluster.redis: a ledger in one process builds its histories again by itself when the folder "histories" is removed',
    );
  const store = await openRedisEntityLogStore(redisSettings(cluster.redis, cluster.prefix), {
    now: Date.now,
    onStanding: () => undefined,
  });
  const progress = createProgress();
  try {
    const report = await rebuildHistories({
      store,
      shards: cluster.partitions,
      onProgress: ({ step, share, count }) => progress.show(step, share, count),
      pause: () => wait(LOOK_EVERY_MS),
    });
    progress.end();
    process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report));
    return EXIT_OK;
  } catch (error) {
    if (!(error instanceof EntityLogError)) throw error;
    progress.end();
    process.stderr.write(`the histories were not emptied: ${error.message}\n`);
    return EXIT_FAILED;
  } finally {
    await store.close();
  }
}

function inWords({ logsRemoved, rowsTold }: RebuildReport): string {
  return `${logsRemoved} histories were removed, and ${rowsTold} rows of the log told again\n`;
}
