/**
 * Gradient-boosted trees as a yardstick: LightGBM, fitted by `training/reference/fit-boosted.py` to the
 * same rows, labels and features as the released model, and measured on the same payments. Python and
 * LightGBM are needed for this alone; nothing that ships depends on them.
 */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { FEATURE_COUNT } from '#src/features/feature-catalogue.ts';
import type { Dataset } from '#training/dataset.ts';
import { differenceInterval } from '#training/evaluation/intervals.ts';
import type { Interval } from '#training/evaluation/intervals.ts';
import type { SeatPayments } from '#training/evaluation/left-out.ts';
import { shortMetrics, withScores } from '#training/evaluation/seat-metrics.ts';
import type { ShortMetrics } from '#training/evaluation/seat-metrics.ts';
import type { Seat } from '#training/world/parameters.ts';

const SCRIPT = path.join(import.meta.dirname, '..', 'reference', 'fit-boosted.py');

const fittedSchema = z.object({
  library: z.string(),
  trees: z.number(),
  settings: z.record(z.string(), z.unknown()),
});

export interface ReferenceSeat extends ShortMetrics {
  readonly seat: Seat;
  /** How much higher the released model's average precision is. */
  readonly modelAhead: Interval;
}

export interface ReferenceMetrics {
  readonly library: string;
  readonly trees: number;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seats: readonly ReferenceSeat[];
}

export interface ReferenceTools {
  /** A Python with `training/reference/requirements.txt` installed. */
  readonly python: string;
  /** Where rows and scores are exchanged. */
  readonly folder: string;
}

export class ReferenceError extends Error {
  override readonly name = 'ReferenceError';
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

async function writeRows(folder: string, name: string, { values, labels, weights }: Dataset): Promise<void> {
  for (const [kind, part] of Object.entries({ values, labels, weights }))
    await writeFile(path.join(folder, `${name}.${kind}`), bytesOf(part));
}

async function readScores(folder: string, name: string): Promise<Float32Array> {
  const bytes = await readFile(path.join(folder, `${name}.scores`));
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function fitBoosted({ python, folder }: ReferenceTools): z.infer<typeof fittedSchema> {
  const { status, stdout, stderr, error } = spawnSync(python, [SCRIPT, folder], { encoding: 'utf8' });
  if (error !== undefined || status !== 0) {
    throw new ReferenceError(
      `${python} could not fit the reference (install training/reference/requirements.txt): ${error?.message ?? stderr.trim()}`,
    );
  }
  return fittedSchema.parse(JSON.parse(stdout));
}

export async function measureReference(
  tools: ReferenceTools,
  data: { readonly train: Dataset; readonly validation: Dataset },
  seats: readonly SeatPayments[],
): Promise<ReferenceMetrics> {
  const { folder } = tools;
  await mkdir(folder, { recursive: true });
  const spec = { columns: FEATURE_COUNT, scored: seats.map(({ seat }) => seat) };
  await writeFile(path.join(folder, 'spec.json'), JSON.stringify(spec));
  await writeRows(folder, 'train', data.train);
  await writeRows(folder, 'validation', data.validation);
  for (const { seat, vectors } of seats)
    await writeFile(path.join(folder, `${seat}.values`), bytesOf(vectors));
  const fitted = fitBoosted(tools);
  const measured: ReferenceSeat[] = [];
  for (const { seat, payments } of seats) {
    const scores = await readScores(folder, seat);
    const short = shortMetrics(withScores(payments, scores));
    measured.push({ seat, ...short, modelAhead: differenceInterval(payments, scores) });
  }
  return { ...fitted, seats: measured };
}
