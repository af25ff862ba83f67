/** `npm run evaluate -- --model DIR`: measures a released model again, and beside what takes longer to make. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { readModelFolder } from '#src/adapters/files/read-model-folder.ts';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { featureList } from '#src/feature-list.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { measureReference } from '#training/evaluation/boosted-reference.ts';
import { leaveFamiliesOut } from '#training/evaluation/left-out.ts';
import { measureModel, seatsOf, writeMetrics } from '#training/evaluation/measure-model.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import { rowsWithout } from '#training/pipeline/row-collector.ts';
import { fit, rowsOf, scorerOf, splitRows } from '#training/train/train-model.ts';
import { evaluateCommand } from '#training/train/training-plan.ts';
import type { TrainingPlan } from '#training/train/training-plan.ts';

export interface ModelWanted {
  readonly plan: TrainingPlan;
  /** The model's folder; what was measured is written into it. */
  readonly folder: string;
  /** Where collected rows are kept. */
  readonly work: string;
  /** A Python that has LightGBM, when the boosted reference is wanted. */
  readonly python: string | undefined;
  readonly leavesFamiliesOut: boolean;
}

/** What only training can measure. */
const ownWorldSchema = z.object({ ownWorld: z.object({ averagePrecision: z.number() }) });

async function readOwnWorld(folder: string): Promise<ReleasedMetrics['ownWorld']> {
  const text = await readFile(path.join(folder, 'metrics.json'), 'utf8');
  return ownWorldSchema.parse(JSON.parse(text)).ownWorld;
}

/** Replaces what was measured before, but for what only training can measure. */
export async function evaluateModel(wanted: ModelWanted): Promise<ReleasedMetrics> {
  const { plan, folder, work, python, leavesFamiliesOut } = wanted;
  await startWasmBackend();
  const model = readReleasedModel(await readModelFolder(folder), featureList());
  const scorer = await scorerOf(model);
  const ownWorld = await readOwnWorld(folder);
  const { seats, payments } = await measureModel(plan, scorer, seatsOf(model.manifest));
  const rows = python !== undefined || leavesFamiliesOut ? await rowsOf(plan, work) : [];
  const reference = python && {
    reference: await measureReference(
      { python, folder: path.join(work, 'reference') },
      splitRows(rows, plan),
      payments,
    ),
  };
  const leftOut = leavesFamiliesOut && {
    leftOut: await leaveFamiliesOut(payments, (family) => {
      const others = rows.map((part) => rowsWithout(part, family));
      return scorerOf(readReleasedModel(fit(plan, splitRows(others, plan)), featureList()));
    }),
  };
  const metrics = {
    statement: model.manifest.statement,
    model: scorer.model,
    command: evaluateCommand(plan),
    seats,
    ownWorld,
    ...reference,
    ...leftOut,
  };
  await writeMetrics(folder, model.manifest, metrics);
  return metrics;
}
