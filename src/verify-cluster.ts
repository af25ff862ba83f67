/**
 * `vouch verify --cluster`: whether the logs of all shards hold, each for itself and all together. Reads
 * the copies that a process of the cluster has of them, also while they grow.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { shardLogs } from '#src/cluster/shard-folders.ts';
import { ClusterAuditor, type ClusterCounts } from '#src/journal/audit/cluster-auditor.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';

export interface VerifyClusterOptions {
  readonly dataFolder: string;
  readonly onProgress?: (step: string, share: number) => void;
}

export interface ClusterProblem {
  /** Absent for what only several shards together say. */
  readonly shard?: number;
  readonly position?: number;
  readonly detail: string;
}

export interface VerifyClusterReport extends ClusterCounts {
  readonly ok: boolean;
  /** Hash of the newest row that was read of each shard, in hex. */
  readonly heads: readonly string[];
  readonly problems: readonly ClusterProblem[];
}

/** The folder has no copy of some shard, or of none. */
export class ShardsMissingError extends Error {
  override readonly name = 'ShardsMissingError';
}

/** @throws ShardsMissingError, EventLogError when a log may not be read now. What is wrong is reported. */
export async function runVerifyCluster(options: VerifyClusterOptions): Promise<VerifyClusterReport> {
  const logs = logsOf(options.dataFolder);
  const auditor = new ClusterAuditor(logs.length);
  const problems: ClusterProblem[] = [];
  const heads: string[] = [];
  const positions: number[] = [];
  for (const [shard, log] of logs.entries()) {
    const chain = await verifyChain({
      openLog: () => openSqliteEventLogReader(log),
      inspectRow: (row) => auditor.inspect(shard, row),
    });
    problems.push(...chain.problems.map(({ position, detail }) => ({ shard, position, detail })));
    heads.push(Buffer.from(chain.head.hash).toString('hex'));
    positions.push(chain.head.position);
    options.onProgress?.('logs', (shard + 1) / logs.length);
  }
  if (problems.length === 0) {
    problems.push(...(await readBehind(auditor, logs, positions)));
    for (const detail of auditor.findingsAtEnd()) problems.push({ detail });
  }
  return { ok: problems.length === 0, ...auditor.counts, heads, problems };
}

/** Brings the logs to one moment: each is read on as far as another one has taken its messages. */
async function readBehind(
  auditor: ClusterAuditor,
  logs: readonly string[],
  positions: number[],
): Promise<readonly ClusterProblem[]> {
  const problems: ClusterProblem[] = [];
  for (let shards = auditor.shardsBehind(), moved = true; shards.length > 0 && moved;) {
    moved = false;
    for (const shard of shards) {
      const reader = await openSqliteEventLogReader(logs[shard] ?? '');
      const position = (positions[shard] ?? 0) + 1;
      const [row] = await reader.read({ from: position, maxRows: 1 });
      await reader.close();
      if (!row) continue;
      positions[shard] = position;
      moved = true;
      for (const detail of auditor.inspect(shard, row)) problems.push({ shard, position, detail });
    }
    shards = auditor.shardsBehind();
  }
  return problems;
}

function logsOf(dataFolder: string): readonly string[] {
  const logs = shardLogs(dataFolder);
  if (logs.length === 0) {
    const hint = existsSync(join(dataFolder, 'log.db')) ? ': it is of a ledger in one process' : '';
    throw new ShardsMissingError(`${dataFolder} has no copies of shards${hint}`);
  }
  const missing = logs.findIndex((log) => !existsSync(log));
  if (missing >= 0) throw new ShardsMissingError(`${dataFolder} has no copy of shard ${missing}`);
  return logs;
}
