/** `vouch cluster init` and `vouch cluster status`: the ledger at its broker, made and looked at. */
import { readLedgerStatus, type ShardStatus } from '#src/adapters/kafka/ledger-status.ts';
import { openLedger, type OpenedLedger } from '#src/cluster/open-ledger.ts';
import { workerGroup } from '#src/cluster/worker-group.ts';
import type { ClusterConfig, Config } from '#src/config/config-schema.ts';
import { createLogger } from '#src/observability/logger.ts';
import { EXIT_FAILED, EXIT_OK, flagOption, JSON_OPTION, UsageError } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf } from './config-option.ts';

export const clusterInit: CliCommand = {
  name: 'cluster init',
  summary: 'Makes the topics of a ledger at its broker and names it; changes nothing that is there.',
  usage: '--config FILE [--json]',
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  run: runInit,
};

export const clusterStatus: CliCommand = {
  name: 'cluster status',
  summary: 'Says who owns each shard of a ledger and how much of its input waits.',
  usage: '--config FILE [--json]',
  options: { config: CONFIG_OPTION, json: JSON_OPTION },
  run: runStatus,
};

/** @throws UsageError when the configuration has no cluster. */
export function clusterOf({ cluster }: Config): ClusterConfig {
  if (cluster) return cluster;
  throw new UsageError('the configuration has no section "cluster": it names the brokers of the ledger');
}

async function runInit(input: CommandInput): Promise<number> {
  const ledger = await openedLedger(input);
  const { ledgerId, shards, prefix } = ledger;
  const line = flagOption(input, 'json')
    ? JSON.stringify({ ledgerId, shards, prefix })
    : `ledger ${ledgerId} has ${shards} shards in the topics ${prefix}.*`;
  process.stdout.write(`${line}\n`);
  return EXIT_OK;
}

async function runStatus(input: CommandInput): Promise<number> {
  const { ledgerId, shards, kafka, topics, prefix } = await openedLedger(input);
  const status = await readLedgerStatus({ kafka, topics, shards, groupId: workerGroup(prefix) });
  process.stdout.write(
    flagOption(input, 'json')
      ? `${JSON.stringify({ ledgerId, shards: status })}\n`
      : [`ledger ${ledgerId}`, ...status.map(inWords), ''].join('\n'),
  );
  return status.every(({ owner }) => owner !== undefined) ? EXIT_OK : EXIT_FAILED;
}

function inWords({ shard, owner, waiting }: ShardStatus): string {
  return `shard ${shard}: ${owner === undefined ? 'nobody owns it' : `owned by ${owner}`}, ${waiting} waiting`;
}

function openedLedger(input: CommandInput): Promise<OpenedLedger> {
  const config = configOf(input);
  return openLedger(clusterOf(config), createLogger(config.log.level === 'info' ? 'warn' : config.log.level));
}
