/** Opens a released model for serving: its files, its network on the chosen backend, its stand-in. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { readModelFolder } from '#src/adapters/files/read-model-folder.ts';
import { openNativeNetwork } from '#src/adapters/tfjs/open-native-network.ts';
import { openWasmNetwork } from '#src/adapters/tfjs/open-wasm-network.ts';
import type { ActivateModel } from '#src/domain/commands.ts';
import { featureHash } from '#src/features/feature-catalogue.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { createDomainWatch } from '#src/scoring/domain-watch.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import { openScorer } from '#src/scoring/open-scorer.ts';
import { readReleasedModel } from '#src/scoring/released-model.ts';
import { createWatchedScorer } from '#src/scoring/watched-scorer.ts';
import { featureList, featureSubjects } from './feature-list.ts';

export type ScoringBackend = 'wasm' | 'node';

export interface ModelChoice {
  /** `models/NAME/VERSION`. */
  readonly folder: string;
  readonly backend: ScoringBackend;
}

export interface OpenedModel {
  readonly scorer: Scorer;
  readonly manifest: ModelManifest;
  readonly activation: ActivateModel;
}

export interface ModelListener {
  /** The network did not open or did not answer. */
  readonly onFailure: (error: unknown) => void;
  /** What of the traffic is not as in training, in words; empty when it fits again. */
  readonly onTraffic: (gaps: readonly string[]) => void;
}

/**
 * Calibrated to a share of fraud, `auto` for the model's own.
 * @throws ModelMismatch or ModelFileError that name what is wrong.
 */
export async function openModel(
  choice: ModelChoice,
  baseRate: number | 'auto',
  { onFailure, onTraffic }: ModelListener,
): Promise<OpenedModel> {
  const files = await readModelFolder(resolve(choice.folder));
  const model = readReleasedModel(files, featureList());
  const scorer = await openScorer(model, {
    list: featureList(),
    openNetwork: choice.backend === 'node' ? openNativeNetwork : openWasmNetwork,
    ...(baseRate === 'auto' ? {} : { baseRate }),
    onFailure,
  });
  warmUp(scorer);
  const { name, version } = model.manifest;
  const activation: ActivateModel = {
    type: 'ActivateModel',
    name,
    version,
    manifestDigest: createHash('sha256').update(files.manifest).digest('hex'),
    featureHash: featureHash(),
  };
  const watch = createDomainWatch(model.manifest, featureSubjects());
  const watched = createWatchedScorer(scorer, watch, (gaps) => onTraffic(gaps.map(({ text }) => text)));
  return { scorer: watched, manifest: model.manifest, activation };
}

/** The first calls compile and allocate: better now than in a payment's time. */
function warmUp(scorer: Scorer): void {
  for (const rows of WARM_UP_ROWS) scorer.score(new Float32Array(rows * scorer.featureCount), rows);
  scorer.explain(new Float32Array(scorer.featureCount), 1);
}

const WARM_UP_ROWS = [1, 8, 64];
