/**
 * `vouch verify`: re-reads a data folder and says whether everything in it holds. Bytes and chain are
 * the journal's to judge, what they say the auditor's, and the read models are compared with a replay.
 *
 * Reads only, beside a running server too: the log through a connection that cannot write, the read
 * models from a snapshot of their folder.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { readAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { snapshotLevelDb } from '#src/adapters/files/level-db-snapshot.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { LedgerAuditor, type LedgerCounts } from '#src/journal/audit/ledger-auditor.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import type { ComparisonResult } from '#src/projections/compare-projection.ts';
import { dataFolder } from './data-folder.ts';
import type { FromVerifyThread, VerifyThreadSettings } from './verify-thread.ts';

export interface VerifyOptions {
  readonly dataFolder: string;
  /** A file of heads that were kept elsewhere; the folder's own one if absent, which shows accidents only. */
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
  /** The log position up to which the read models were compared; 0 where that was not possible. */
  readonly readModels: number;
  /** Hash of the newest row that was read, in hex. */
  readonly head: string;
  /** By position, the first that is bad first; at most a hundred. */
  readonly problems: readonly VerifyProblem[];
}

/** Heap of the comparing thread: the accounts, and what is open at one time. */
const COMPARE_LIMITS = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 };

/** @throws EventLogError when there is no log, or it may not be read now. What is wrong with it is reported. */
export async function runVerify(options: VerifyOptions): Promise<VerifyReport> {
  const { log: logFile, projections } = dataFolder(options.dataFolder);
  const folder = await mkdtemp(join(tmpdir(), 'vouch-verify-'));
  try {
    const snapshot = join(folder, 'read-models');
    const hasReadModels = await snapshotLevelDb(projections, snapshot);
    const comparing = hasReadModels ? compareOnThread({ logFile, snapshot }, options) : NO_COMPARISON;
    const log = await verifyLog(logFile, options);
    // A damaged log is what there is to say; what was derived from it is not of interest then.
    const ownProblems = log.problems.length > 0;
    if (ownProblems) await comparing.cancel();
    const { position, differences } = ownProblems ? NOT_COMPARED : await comparing.result;
    const found = differences.map((difference) => ({ ...difference, fault: 'read models' }));
    const problems = [...log.problems, ...found].toSorted((a, b) => a.position - b.position);
    return { ...log, ok: problems.length === 0, readModels: position, problems };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyLog(logFile: string, options: VerifyOptions): Promise<Omit<VerifyReport, 'readModels'>> {
  const { onProgress } = options;
  const anchorFile = options.anchorFile ?? ownAnchors(options.dataFolder);
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
  const hash = Buffer.from(chain.head.hash).toString('hex');
  return { ok: problems.length === 0, ...auditor.counts, head: hash, problems };
}

function ownAnchors(path: string): string | undefined {
  const { anchors } = dataFolder(path);
  return existsSync(anchors) ? anchors : undefined;
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

interface RunningComparison {
  readonly result: Promise<ComparisonResult>;
  cancel(): Promise<unknown>;
}

const NOT_COMPARED: ComparisonResult = { position: 0, differences: [] };

const NO_COMPARISON: RunningComparison = {
  result: Promise.resolve(NOT_COMPARED),
  cancel: () => Promise.resolve(),
};

function compareOnThread(workerData: VerifyThreadSettings, { onProgress }: VerifyOptions): RunningComparison {
  const worker = new Worker(new URL('./verify-thread.ts', import.meta.url), {
    workerData,
    resourceLimits: COMPARE_LIMITS,
  });
  const result = new Promise<ComparisonResult>((resolve, reject) => {
    worker.on('message', (message: FromVerifyThread) => {
      if (message.type === 'progress') return onProgress?.('read models', message.share);
      resolve(message.result);
    });
    worker.once('error', reject);
    worker.once('exit', () => reject(new Error('the comparison of the read models was ended')));
  });
  // Awaited only when the log holds; a rejection before that is not lost, it is not of interest.
  result.catch(() => undefined);
  return { result, cancel: () => worker.terminate() };
}
