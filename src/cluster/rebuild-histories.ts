/**
 * Has all shards of a cluster tell the shared histories again from their logs. The store is emptied; who
 * owns a shard notices it within a second, decides without histories from then on, and tells what its log
 * says, in step with the others. Nothing has to be stopped, and whoever asks for it may go away.
 */
import { EntityLogError, type EntityLogStore, type ShardMark } from '#src/ports/entity-log-store.ts';

export interface HistoryRebuild {
  readonly store: EntityLogStore;
  readonly shards: number;
  readonly onProgress: (progress: RebuildProgress) => void;
  /** Settles when it is time to look again. */
  readonly pause: () => Promise<void>;
}

export interface RebuildProgress {
  readonly step: 'emptying' | 'telling again';
  /** From 0 to 1. */
  readonly share: number;
  /** Logs of entities that were removed, or rows that were told again. */
  readonly count: number;
}

export interface RebuildReport {
  readonly logsRemoved: number;
  readonly rowsTold: number;
}

/** @throws EntityLogError when the store cannot be emptied. */
export async function rebuildHistories({
  store,
  shards,
  onProgress,
  pause,
}: HistoryRebuild): Promise<RebuildReport> {
  if (store.standing.type === 'away') throw new EntityLogError('unreachable', store.standing.reason);
  let logsRemoved = 0;
  await store.clear((count) => {
    logsRemoved = count;
    onProgress({ step: 'emptying', share: 0, count });
  });
  for (;;) {
    const marks = await marksOf(store);
    const rowsTold = marks.reduce((sum, { position }) => sum + position, 0);
    if (marks.length >= shards && marks.every(({ isWhole }) => isWhole)) return { logsRemoved, rowsTold };
    const rows = marks.reduce((sum, { head }) => sum + head, 0);
    // Who has not begun yet may have as much as all the others together.
    const begun = marks.length / shards;
    onProgress({ step: 'telling again', share: rows === 0 ? 0 : (begun * rowsTold) / rows, count: rowsTold });
    await pause();
  }
}

/** Of the epoch in force; none while the store cannot be asked. */
async function marksOf(store: EntityLogStore): Promise<readonly ShardMark[]> {
  const { standing } = store;
  if (standing.type === 'away') return [];
  try {
    const marks = await store.readMarks();
    return [...marks.values()].filter(({ epoch }) => epoch === standing.epoch);
  } catch (error) {
    if (error instanceof EntityLogError) return [];
    throw error;
  }
}
