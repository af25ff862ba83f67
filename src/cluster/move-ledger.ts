/**
 * Moves the ledger of a data folder to shards at a broker, as a new generation (docs/decisions/0020). The
 * folder is verified, then told twice: to nobody, which shows that what comes of it holds, and to the
 * broker, which gives the same rows. Interrupted, it is begun again and writes what is missing.
 *
 * From the first row on the folder is marked, and nobody may use the ledger at the broker until it is whole.
 */
import { existsSync } from 'node:fs';
import {
  findLedgerRecord,
  OtherLedgerError,
  writeLedgerOrigin,
  type LedgerOrigin,
  type LedgerRecord,
  type LedgerRecordSettings,
} from '#src/adapters/kafka/ledger-record.ts';
import { readLedgerStatus } from '#src/adapters/kafka/ledger-status.ts';
import { MovedLog } from '#src/adapters/kafka/moved-log.ts';
import { topicsInUse } from '#src/adapters/kafka/topic-contents.ts';
import { readAnchorFile } from '#src/adapters/files/anchor-file.ts';
import { acquireDataFolderLock } from '#src/adapters/sqlite/data-folder-lock.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import type { ClusterConfig } from '#src/config/config-schema.ts';
import { dataFolder, type DataFolder } from '#src/data-folder.ts';
import { ClusterAuditor, type ClusterCounts } from '#src/journal/audit/cluster-auditor.ts';
import { LedgerAuditor } from '#src/journal/audit/ledger-auditor.ts';
import { verifyChain } from '#src/journal/verify-chain.ts';
import { markMoved } from '#src/moved-folder.ts';
import type { Logger } from '#src/observability/logger.ts';
import type { LogHead } from '#src/ports/event-log.ts';
import { ledgerToMake, openTopics, type OpenedLedger } from './open-ledger.ts';
import { carriedBalances } from './retelling/carried-balances.ts';
import { differingAccounts } from './retelling/compare-accounts.ts';
import type { Predecessor } from './retelling/ledger-retelling.ts';
import { retellLog, type LogToRetell } from './retelling/retell-log.ts';
import { workerGroup } from './worker-group.ts';

export type MoveStep = 'verifying' | 'rehearsing' | 'moving';

export interface LedgerMove {
  readonly dataFolder: string;
  readonly cluster: ClusterConfig;
  readonly log: Logger;
  /** Verifies and rehearses, and leaves the broker alone. */
  readonly isRehearsal: boolean;
  readonly onProgress: (step: MoveStep, share: number) => void;
}

export interface MoveReport {
  /** The new ledger; the old one's in a rehearsal. */
  readonly ledgerId: string;
  readonly counts: ClusterCounts;
  readonly accounts: number;
  /** Last row of each shard, in hex. */
  readonly heads: readonly string[];
}

/** What was found makes it unsafe to move the ledger; nothing was changed. */
export class MoveRefusedError extends Error {
  override readonly name = 'MoveRefusedError';
  readonly retryable = false;
}

const FINDINGS_SHOWN = 5;

/** @throws MoveRefusedError, OtherLedgerError, TopicsUnfitError, DataFolderLocked: each says what to do. */
export async function moveLedger(move: LedgerMove): Promise<MoveReport> {
  const folder = dataFolder(move.dataFolder);
  if (!existsSync(folder.log)) throw new MoveRefusedError(`${folder.path} has no ledger of one process`);
  const lock = acquireDataFolderLock(folder.path);
  try {
    const old = await verifiedLedger(folder, move);
    if (move.isRehearsal) return await rehearse({ ...move, folder, old, ledgerId: old.predecessor.ledgerId });
    return await moveVerified(move, folder, old);
  } finally {
    lock.release();
  }
}

interface OldLedger {
  readonly auditor: LedgerAuditor;
  readonly predecessor: Predecessor;
}

async function verifiedLedger(folder: DataFolder, { cluster, onProgress }: LedgerMove): Promise<OldLedger> {
  const auditor = new LedgerAuditor();
  const log = await openSqliteEventLogReader(folder.log);
  const [{ ledgerId }, { position }] = [log.identity, await log.head()];
  await log.close();
  const { head, problems } = await verifyChain({
    openLog: () => openSqliteEventLogReader(folder.log),
    ...(existsSync(folder.anchors) ? { anchors: readAnchorFile(folder.anchors) } : {}),
    inspectRow: (row) => {
      onProgress('verifying', row.position / position);
      return auditor.inspect(row);
    },
  });
  const findings = [...problems, ...auditor.findingsAtEnd()].map(
    (each) => `at ${each.position}: ${each.detail}`,
  );
  refuseFindings(`the ledger in ${folder.path} does not hold`, findings);
  const balances = carriedBalances(auditor.accounts(), cluster.partitions);
  return { auditor, predecessor: { ledgerId, head, balances } };
}

interface Retold extends LedgerMove {
  readonly folder: DataFolder;
  readonly old: OldLedger;
  readonly ledgerId: string;
}

/** Tells it to nobody, and holds what comes of it against the rules and against the old accounts. */
async function rehearse({ onProgress, cluster, ...retold }: Retold): Promise<MoveReport> {
  const shards = cluster.partitions;
  const auditor = new ClusterAuditor(shards);
  const findings: string[] = [];
  const heads = await retell(
    { ...retold, cluster },
    {
      onRows: (shard, rows) => {
        for (const row of rows) findings.push(...auditor.inspect(shard, row));
      },
      onProgress: (share) => onProgress('rehearsing', share),
    },
  );
  const accounts = heads.flatMap((_, shard) => [...auditor.accountsOf(shard)]);
  findings.push(...auditor.findingsAtEnd(), ...differingAccounts(retold.old.auditor.accounts(), accounts));
  refuseFindings('what would come of it does not hold; please report this', findings);
  const { ledgerId } = retold;
  return { ledgerId, counts: auditor.counts, accounts: accounts.length, heads: heads.map(hexOf) };
}

async function moveVerified(move: LedgerMove, folder: DataFolder, old: OldLedger): Promise<MoveReport> {
  const { cluster, onProgress, log } = move;
  const { prefix } = cluster;
  const ledger = { ...(await openTopics(cluster, log)), prefix };
  const record = await findLedgerRecord(ledger, ledgerToMake(cluster));
  const origin = originOf(old.predecessor);
  await assertFree(ledger, record, origin);
  const { ledgerId } = record;
  const report = await rehearse({ ...move, folder, old, ledgerId });
  markMoved(folder.path, { ledgerId, prefix });
  if (record.origin?.isComplete) return report;
  if (!record.origin) await writeLedgerOrigin(ledger, record, origin);
  const heads = await writeRows(ledger, { ...move, folder, old, ledgerId }, (share) =>
    onProgress('moving', share),
  );
  if (heads.map(hexOf).join() !== report.heads.join())
    throw new Error('what was written differs from what was rehearsed: remove the topics and begin again');
  await writeLedgerOrigin(ledger, record, { ...origin, isComplete: true });
  return report;
}

type Ledger = LedgerRecordSettings & Pick<OpenedLedger, 'kafka' | 'topics'>;

/** Nobody works there, and nothing is there but what an interrupted move of the same ledger has left. */
async function assertFree(
  { kafka, topics, prefix }: Ledger,
  { origin, shards }: LedgerRecord,
  wanted: LedgerOrigin,
): Promise<void> {
  if (origin && (origin.ledgerId !== wanted.ledgerId || origin.hash !== wanted.hash))
    throw new OtherLedgerError(
      `row ${origin.position} of ledger ${origin.ledgerId} was moved to the topics ${prefix}.*, and this folder ends ` +
        `with row ${wanted.position} of ledger ${wanted.ledgerId}: take another prefix, or remove these topics`,
    );
  if (origin?.isComplete) return;
  const status = await readLedgerStatus({ kafka, topics, shards, groupId: workerGroup(prefix) });
  const owned = status.filter(({ owner }) => owner !== undefined);
  if (owned.length > 0) throw new MoveRefusedError('workers are running: stop them, and begin again');
  const { commands, messages, events, personal } = topics;
  const empty = origin ? [commands, messages] : [commands, messages, events, personal];
  const used = await topicsInUse(kafka, empty);
  if (used.length > 0)
    throw new MoveRefusedError(
      `${used.join(', ')} must be empty, because nothing can be put before what a ledger has: take another prefix`,
    );
}

async function writeRows(
  { kafka, topics, prefix }: Ledger,
  retold: Retold,
  onProgress: (share: number) => void,
): Promise<readonly LogHead[]> {
  const logs: MovedLog[] = [];
  try {
    for (let shard = 0; shard < retold.cluster.partitions; shard++)
      logs.push(await MovedLog.open({ kafka, topics, prefix, shard, groupId: workerGroup(prefix) }));
    return await retell(retold, { onRows: (shard, rows) => logs[shard]?.append(rows), onProgress });
  } finally {
    for (const log of logs) await log.close();
  }
}

async function retell(
  { folder, old, ledgerId, cluster }: Omit<Retold, 'onProgress'>,
  hooks: Pick<LogToRetell, 'onRows' | 'onProgress'>,
): Promise<readonly LogHead[]> {
  const log = await openSqliteEventLogReader(folder.log);
  try {
    const { predecessor } = old;
    const place = { folder: folder.path, shards: cluster.partitions };
    return await retellLog({ log, predecessor, ledgerId, ...place, ...hooks });
  } finally {
    await log.close();
  }
}

function originOf({ ledgerId, head }: Predecessor): LedgerOrigin {
  return { ledgerId, position: head.position, hash: hexOf(head), isComplete: false };
}

function refuseFindings(what: string, findings: readonly string[]): void {
  if (findings.length === 0) return;
  throw new MoveRefusedError(
    [`${what}: ${findings.length} problems`, ...findings.slice(0, FINDINGS_SHOWN)].join('\n  '),
  );
}

function hexOf({ hash }: LogHead): string {
  return Buffer.from(hash).toString('hex');
}
