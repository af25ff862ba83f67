/**
 * Compares stored read models with a replay of the log: made again up to the same position, with the
 * same seed, they have to be the same bytes under the same keys, and nothing else.
 * Personal parts are removed only after the read models have followed the event that names them, so an
 * erasure does not make them differ.
 */
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { ComparingStore } from './comparing-store.ts';
import { Projection, readStoredCheckpoint, type StoredCheckpoint } from './projection.ts';

export interface Comparison {
  readonly stored: StateStore;
  readonly log: EventLogReader;
  readonly onProgress?: (position: number, end: number) => void;
}

export interface ProjectionDifference {
  readonly position: number;
  readonly detail: string;
}

/** After so many the read models are known to be wrong; making them again mends all of them. */
const DIFFERENCES_MAX = 10;

export interface ComparisonResult {
  /** Up to which log position they were compared; 0 when nothing of this version is stored. */
  readonly position: number;
  /** Empty when they are equal. */
  readonly differences: readonly ProjectionDifference[];
}

const NOTHING_STORED: ComparisonResult = { position: 0, differences: [] };

/** @throws Error when the log contradicts itself. */
export async function compareProjection(comparison: Comparison): Promise<ComparisonResult> {
  const { stored, log } = comparison;
  const checkpoint = await readStoredCheckpoint({ store: stored, log });
  if (checkpoint === undefined) return NOTHING_STORED;
  if ('misfit' in checkpoint) {
    if (checkpoint.isOtherFormat) return NOTHING_STORED;
    return { position: 0, differences: [{ position: 1, detail: checkpoint.misfit }] };
  }
  const { position } = checkpoint;
  const replayed = new ComparingStore(stored);
  const projection = await replay(comparison, replayed, checkpoint);
  const details = [...replayed.differing()]
    .slice(0, DIFFERENCES_MAX)
    .map((key) => `the read models differ from a replay at ${key}`);
  const rows = await countRows(stored);
  if (details.length === 0 && rows !== projection.storedRows)
    details.push(`the read models hold ${rows} rows, a replay ${projection.storedRows}`);
  return { position, differences: details.map((detail) => ({ position, detail })) };
}

async function replay(
  { log, onProgress }: Comparison,
  store: StateStore,
  { position, seed, segmentRecords }: StoredCheckpoint,
): Promise<Projection> {
  const projection = await Projection.begin({ store, log, seedIfNew: seed, segmentRecords });
  while (projection.position < position) {
    const rows = await log.read({ from: projection.position + 1 });
    if (rows.length === 0) break;
    for (const row of rows) {
      projection.apply(row);
      if (projection.isCheckpointDue) await projection.checkpoint(row);
      if (row.position === position) break;
    }
    onProgress?.(projection.position, position);
  }
  return projection;
}

async function countRows(store: StateStore): Promise<number> {
  let rows = 0;
  for await (const _ of store.entries('')) rows++;
  return rows;
}
