/**
 * Compares stored read models with a replay of the log: made again up to the same position, with the
 * same seed, they have to be the same bytes under the same keys.
 */
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { Projection, readStoredCheckpoint, type StoredCheckpoint } from './projection.ts';

export interface Comparison {
  readonly stored: StateStore;
  /** Empty; takes what the replay makes. */
  readonly replayed: StateStore;
  readonly log: EventLogReader;
  readonly onProgress?: (position: number, end: number) => void;
}

export interface ProjectionDifference {
  readonly position: number;
  readonly detail: string;
}

/** After so many the read models are known to be wrong; making them again mends all of them. */
const DIFFERENCES_MAX = 10;

/** Empty when they are equal, or when nothing is stored yet. @throws Error when the log contradicts itself. */
export async function compareProjection(comparison: Comparison): Promise<readonly ProjectionDifference[]> {
  const { stored, log } = comparison;
  const checkpoint = await readStoredCheckpoint({ store: stored, log });
  if (checkpoint === undefined) return [];
  if ('misfit' in checkpoint) return [{ position: 1, detail: checkpoint.misfit }];
  const { position } = checkpoint;
  await replay(comparison, checkpoint);
  const differences: ProjectionDifference[] = [];
  for await (const key of differingKeys(stored, comparison.replayed)) {
    differences.push({ position, detail: `the read models differ from a replay at ${key}` });
    if (differences.length === DIFFERENCES_MAX) break;
  }
  return differences;
}

async function replay(
  { replayed, log, onProgress }: Comparison,
  { position, seed, segmentRecords }: StoredCheckpoint,
): Promise<void> {
  const projection = await Projection.open({ store: replayed, log, seedIfNew: seed, segmentRecords });
  while (projection.position < position) {
    const rows = await log.read({ from: projection.position + 1 });
    if (rows.length === 0) return;
    for (const row of rows) {
      projection.apply(row);
      if (projection.isCheckpointDue) await projection.checkpoint(row);
      if (row.position === position) return;
    }
    onProgress?.(projection.position, position);
  }
}

/** Keys that only one of the stores has, or that have other values; both are in the order of keys. */
async function* differingKeys(left: StateStore, right: StateStore): AsyncGenerator<string> {
  const others = right.entries('')[Symbol.asyncIterator]();
  let other = await others.next();
  for await (const [key, value] of left.entries('')) {
    while (!other.done && other.value[0] < key) {
      yield other.value[0];
      other = await others.next();
    }
    if (other.done || other.value[0] > key) {
      yield key;
      continue;
    }
    if (Buffer.compare(value, other.value[1]) !== 0) yield key;
    other = await others.next();
  }
  for (; !other.done; other = await others.next()) yield other.value[0];
}
