/**
 * Rows on disk, so that training that was interrupted goes on where the stream had ended. The file
 * belongs to one world of a plan and one feature catalogue; another's is not read.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FEATURE_COUNT, featureHash } from '#src/features/feature-catalogue.ts';
import type { CollectedRows } from '#training/pipeline/row-collector.ts';
import type { SeededWorld, TrainingPlan } from '#training/train/training-plan.ts';

export interface RowsPlace {
  readonly folder: string;
  readonly plan: TrainingPlan;
  readonly world: SeededWorld;
}

const LABEL_BYTES = 4;
const TIME_BYTES = 8;
const FAMILY_BYTES = 1;
/** Raised when the file's layout changes. */
const LAYOUT = 2;

function fileOf({ folder, plan, world }: RowsPlace): string {
  const { keptShare, fraudTimes } = plan;
  const key = JSON.stringify([LAYOUT, world.parameters, world.seed, keptShare, fraudTimes, featureHash()]);
  return path.join(folder, `rows-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.bin`);
}

function bytesOf(part: Float32Array | Float64Array | Uint8Array): Uint8Array {
  return new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
}

/** Times, labels, weights, values, then families, all little-endian as the machine has them. */
export async function saveRows(place: RowsPlace, { data, times, families }: CollectedRows): Promise<void> {
  await mkdir(place.folder, { recursive: true });
  const file = fileOf(place);
  await writeFile(`${file}.part`, [times, data.labels, data.weights, data.values, families].map(bytesOf));
  await rename(`${file}.part`, file);
}

/** Undefined when there are none of this world. */
export async function loadRows(place: RowsPlace): Promise<CollectedRows | undefined> {
  const file = fileOf(place);
  if (!existsSync(file)) return undefined;
  const { buffer, byteOffset, byteLength } = await readFile(file);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const rows = byteLength / (TIME_BYTES + LABEL_BYTES * (2 + FEATURE_COUNT) + FAMILY_BYTES);
  const floats = new Float32Array(bytes, rows * TIME_BYTES, rows * (2 + FEATURE_COUNT));
  return {
    times: new Float64Array(bytes, 0, rows),
    families: new Uint8Array(bytes, byteLength - rows * FAMILY_BYTES),
    data: {
      columns: FEATURE_COUNT,
      rows,
      labels: floats.subarray(0, rows),
      weights: floats.subarray(rows, 2 * rows),
      values: floats.subarray(2 * rows),
    },
  };
}
