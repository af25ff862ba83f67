/** Puts a released model to work. */
import type { DenseLayer, OpenNetwork } from '#src/ports/network.ts';
import type { Scorer } from '#src/ports/scorer.ts';
import { forBaseRate } from '#src/scoring/calibration.ts';
import { createLogisticNetwork } from '#src/scoring/logistic-network.ts';
import type { ModelManifest } from '#src/scoring/model-manifest.ts';
import { createModelScorer } from '#src/scoring/model-scorer.ts';
import type { CalibratedNetwork } from '#src/scoring/model-scorer.ts';
import { createNormaliser } from '#src/scoring/normaliser.ts';
import type { FeatureList, ReleasedModel } from '#src/scoring/released-model.ts';

export interface OpenScorerOptions {
  readonly list: FeatureList;
  readonly openNetwork: OpenNetwork;
  /** The share of fraud to calibrate to, if it is not the training data's. */
  readonly baseRate?: number;
  /** Told when the network could not be opened or did not answer; the stand-in then scores. */
  readonly onFailure: (error: unknown) => void;
}

function referenceInputs(manifest: ModelManifest): Float32Array {
  const used = manifest.features.filter((feature) => feature.transform !== 'masked');
  return Float32Array.from([...used, ...manifest.indicators], (each) => each.reference);
}

/** The length of each input's weights in the first layer. */
function inputWeights([first]: readonly DenseLayer[]): Float32Array {
  if (first === undefined) return new Float32Array(0);
  const { inputs, outputs, kernel } = first;
  return Float32Array.from({ length: inputs }, (_, input) =>
    Math.hypot(...kernel.subarray(input * outputs, (input + 1) * outputs)),
  );
}

/** Never fails for the network's sake: without it every round is scored by the stand-in and degraded. */
export async function openScorer(
  { manifest, layers, tables }: ReleasedModel,
  options: OpenScorerOptions,
): Promise<Scorer> {
  const wantedRate = options.baseRate ?? manifest.baseRate;
  const main = async (): Promise<CalibratedNetwork | undefined> => {
    try {
      const network = await options.openNetwork(layers);
      return {
        network,
        calibration: forBaseRate(manifest.network.calibration, manifest.baseRate, wantedRate),
      };
    } catch (error) {
      options.onFailure(error);
      return undefined;
    }
  };
  return createModelScorer({
    model: `${manifest.name}@${manifest.version}`,
    normaliser: createNormaliser(tables),
    main: await main(),
    standIn: {
      network: createLogisticNetwork(manifest.standIn),
      calibration: forBaseRate(manifest.standIn.calibration, manifest.baseRate, wantedRate),
    },
    groups: options.list.groups,
    referenceInputs: referenceInputs(manifest),
    inputWeights: inputWeights(layers),
    onFailure: options.onFailure,
  });
}
