/** The thread on which `vouch verify` compares the read models, while the log is read on the first one. */
import { parentPort, workerData } from 'node:worker_threads';
import { openLevelDbStateStore } from '#src/adapters/leveldb/leveldb-state-store.ts';
import { openSqliteEventLogReader } from '#src/adapters/sqlite/sqlite-event-log-reader.ts';
import { compareProjection, type ComparisonResult } from '#src/projections/compare-projection.ts';

export interface VerifyThreadSettings {
  readonly logFile: string;
  /** A snapshot of the read models' folder, which nobody else uses. */
  readonly snapshot: string;
}

export type FromVerifyThread =
  | { readonly type: 'progress'; readonly share: number }
  | { readonly type: 'compared'; readonly result: ComparisonResult };

async function compare({ logFile, snapshot }: VerifyThreadSettings): Promise<void> {
  const post = (message: FromVerifyThread) => parentPort?.postMessage(message);
  const log = await openSqliteEventLogReader(logFile);
  const stored = await openLevelDbStateStore(snapshot);
  try {
    const onProgress = (position: number, end: number) => post({ type: 'progress', share: position / end });
    post({ type: 'compared', result: await compareProjection({ stored, log, onProgress }) });
  } finally {
    await Promise.all([stored.close(), log.close()]);
  }
}

await compare(workerData as VerifyThreadSettings);
