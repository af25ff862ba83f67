/**
 * `vouch verify`: re-reads a data folder and says whether everything in it holds. Bytes and chain are
 * the journal's to judge, what they say the auditor's, and the read models are compared with a replay.
 *
 * Reads only, beside a running server too: the log through a connection that cannot write, the read
 * models from a snapshot of their folder.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { snapshotLevelDb } from '#src/adapters/files/level-db-snapshot.ts';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { LedgerAuditor, type LedgerCounts } from '#src/journal/audit/ledger-auditor.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import { compareProjection } from '#src/projections/compare-projection.ts';

export interface VerifyOptions {
  readonly dataFolder: string;
  /** A file of heads that were kept elsewhere. */
  readonly anchorFile?: string;
  /** What is being done, and how far it is from 0 to 1. */
  readonly onProgress?: (step: 'log' | 'read models', share: number) => void;
}

export interface VerifyProblem {
  /** The first position of the log that is affected. */
  readonly position: number;
  readonly fault: string;
  readonly detail: string;
}

export interface VerifyReport extends LedgerCounts {
  readonly ok: boolean;
  /** Hash of the newest row that was read, in hex. */
  readonly head: string;
  /** By position, the first that is bad first; at most a hundred. */
  readonly problems: readonly VerifyProblem[];
}

/** @throws EventLogError when there is no log, or it may not be read now. What is wrong with it is reported. */
export async function runVerify(options: VerifyOptions): Promise<VerifyReport> {
  const { dataFolder, anchorFile, onProgress } = options;
  const logFile = join(dataFolder, 'log.db');
  const auditor = new LedgerAuditor();
  const head = await headPosition(logFile);
  const chain = await verifyChain({
    openLog: () => openSqliteEventLogReader(logFile),
    ...(anchorFile === undefined ? {} : { anchors: readAnchorFile(anchorFile) }),
    inspectRow: (row) => {
      onProgress?.('log', head === 0 ? 1 : Math.min(1, row.position / head));
      return auditor.inspect(row);
    },
  });
  const problems: VerifyProblem[] = [...chain.problems];
  // What is missing at the end says nothing where the middle could not be read.
  if (problems.length === 0) {
    for (const finding of auditor.findingsAtEnd()) problems.push({ ...finding, fault: 'personal' });
  }
  if (problems.length === 0) problems.push(...(await readModelProblems(options, logFile)));
  problems.sort((a, b) => a.position - b.position);
  return {
    ok: problems.length === 0,
    ...auditor.counts,
    head: Buffer.from(chain.head.hash).toString('hex'),
    problems,
  };
}

/** For the progress alone: a log that cannot say is judged by `verifyChain`. */
async function headPosition(logFile: string): Promise<number> {
  try {
    const log = await openSqliteEventLogReader(logFile);
    const { position } = await log.head();
    await log.close();
    return position;
  } catch {
    return 0;
  }
}

async function readModelProblems(
  { dataFolder, onProgress }: VerifyOptions,
  logFile: string,
): Promise<VerifyProblem[]> {
  const folder = await mkdtemp(join(tmpdir(), 'vouch-verify-'));
  try {
    const snapshot = join(folder, 'stored');
    if (!(await snapshotLevelDb(join(dataFolder, 'projections'), snapshot))) return [];
    const log = await openSqliteEventLogReader(logFile);
    const stored = await openLevelDbStateStore(snapshot);
    const replayed = await openLevelDbStateStore(join(folder, 'replayed'));
    try {
      const differences = await compareProjection({
        stored,
        replayed,
        log,
        onProgress: (position, end) => onProgress?.('read models', position / end),
      });
      return differences.map((difference) => ({ ...difference, fault: 'read models' }));
    } finally {
      await Promise.all([stored.close(), replayed.close(), log.close()]);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
