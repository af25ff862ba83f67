/** From a plan to a released model: collect, fit, write, measure. */
import path from 'node:path';
import { openWasmNetwork } from '#src/adapters/tfjs/open-wasm-network.ts';
import { startWasmBackend } from '#src/adapters/tfjs/wasm-backend.ts';
import { SHIPPED_COSTS } from '#src/decision/shipped-policy.ts';
import { featureList } from '#src/feature-list.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import type { ModelFiles } from '#src/scoring/model-files.ts';
import { openScorer } from '#src/scoring/open-scorer.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import type { ReleasedModel } from '#src/scoring/released-model.ts';
import { selectRows } from '#training/dataset.ts';
import type { Dataset } from '#training/dataset.ts';
import { joinData, rowsBetween } from '#training/pipeline/row-collector.ts';
import {
  measureModel,
  seatsOf,
  typicalThresholds,
  writeMetrics,
} from '#training/evaluation/measure-model.ts';
import type { ReleasedMetrics } from '#training/evaluation/released-metrics.ts';
import { scoreRows } from '#training/evaluation/score-rows.ts';
import { averagePrecision } from '#training/metrics/average-precision.ts';
import type { CollectedRows } from '#training/pipeline/row-collector.ts';
import { startProgress } from '#training/progress.ts';
import { buildModel } from '#training/publish/build-model.ts';
import type { ModelData } from '#training/publish/build-model.ts';
import { writeModel } from '#training/publish/write-model.ts';
import { emptyFeatures } from '#training/train/entity-census.ts';
import { collectRows } from '#training/train/collect-rows.ts';
import { loadRows, saveRows } from '#training/train/rows-file.ts';
import { optionalFields } from '#training/train/optional-fields.ts';
import { evaluateCommand, SPLIT, STATEMENT } from '#training/train/training-plan.ts';
import type { PlannedWorld, TrainingPlan } from '#training/train/training-plan.ts';

const DAY_MS = 86_400_000;
export async function rowsOf(plan: TrainingPlan, folder: string): Promise<readonly CollectedRows[]> {
  const parts: CollectedRows[] = [];
  for (const world of plan.worlds) {
    const place = { folder, plan, world };
    const kept = await loadRows(place);
    const rows = kept ?? (await collectRows(plan, world));
    if (kept === undefined) await saveRows(place, rows);
    else console.error(`going on from ${kept.data.rows} rows that were collected before`);
    parts.push(rows);
  }
  return parts;
}

type RowPart = keyof typeof SPLIT;

/** Of a world that is learnt from, its days in turn; of others, all. A ledger of any age is in each part. */
function partOf(run: CollectedRows, world: PlannedWorld, part: RowPart): Dataset {
  const startsAt = Date.parse(world.parameters.startsAt);
  const [from, to] = SPLIT[part];
  const lengthMs = world.parameters.days * DAY_MS;
  if (world.part === 'learn') return rowsBetween(run, startsAt + from * lengthMs, startsAt + to * lengthMs);
  const isItsPart = part === (world.part === 'stop' ? 'validation' : 'calibration');
  return isItsPart ? run.data : selectRows(run.data, []);
}

/** `runs` are the rows of the plan's worlds, in their order. */
export function splitRows(runs: readonly CollectedRows[], { worlds }: TrainingPlan): ModelData {
  const joined = (part: RowPart, isMeant: (world: PlannedWorld) => boolean = () => true): Dataset =>
    joinData(
      worlds.flatMap((world, place) => {
        const run = runs[place];
        return run === undefined || !isMeant(world) ? [] : [partOf(run, world, part)];
      }),
    );
  const seats = [...new Set(worlds.map(({ parameters }) => parameters.seat))];
  return {
    train: joined('train'),
    validation: joined('validation'),
    calibration: joined('calibration'),
    traffic: Object.fromEntries(
      seats.map((seat) => [seat, joined('train', ({ parameters }) => parameters.seat === seat)]),
    ),
  };
}

export function fit(plan: TrainingPlan, data: ModelData): ModelFiles {
  const progress = startProgress('training', 'epochs');
  const { review, deny } = typicalThresholds();
  let best = { epoch: 0, measure: 0 };
  const files = buildModel(data, {
    list: featureList(),
    masked: emptyFeatures(plan.worlds),
    fields: optionalFields().map(({ features }) => features),
    fit: plan.fit,
    about: {
      name: plan.name,
      version: plan.version,
      statement: STATEMENT,
      thresholds: { review, deny, costs: { ...SHIPPED_COSTS } },
      command: plan.command,
    },
    onEpoch: ({ epoch, measure, isBest }) => {
      if (isBest) best = { epoch, measure };
      progress.tell(epoch / plan.fit.epochsMax, epoch);
    },
  });
  progress.end(
    `average precision ${best.measure.toFixed(3)} on the validation rows after epoch ${best.epoch}`,
  );
  return files;
}

export async function scorerOf(model: ReleasedModel): Promise<Scorer> {
  const onFailure = (error: unknown): never => {
    throw error;
  };
  return openScorer(model, { list: featureList(), openNetwork: openWasmNetwork, onFailure });
}

async function measure(
  plan: TrainingPlan,
  model: ReleasedModel,
  { calibration }: ModelData,
): Promise<ReleasedMetrics> {
  const scorer = await scorerOf(model);
  const { seats } = await measureModel(plan, scorer, seatsOf(model.manifest));
  const scores = scoreRows(scorer, calibration.values);
  const ownWorld = { averagePrecision: averagePrecision(scores, calibration.labels, calibration.weights) };
  return { statement: STATEMENT, model: scorer.model, command: evaluateCommand(plan), seats, ownWorld };
}

export async function train(
  plan: TrainingPlan,
  { out, work }: { readonly out: string; readonly work: string },
): Promise<void> {
  await startWasmBackend();
  const data = splitRows(await rowsOf(plan, work), plan);
  const files = fit(plan, data);
  const folder = path.join(out, plan.name, plan.version);
  await writeModel(folder, files);
  const model = readReleasedModel(files, featureList());
  await writeMetrics(folder, model.manifest, await measure(plan, model, data));
  console.error(`written to ${folder}`);
}
