/** Owns the limits above which a world must be mended. */
import type { Difficulty } from '#training/difficulty/measure-difficulty.ts';

/** Any one feature for all fraud together. */
const SINGLE_AUC_MAX = 0.95;
/** A tree of depth 3 against a network. */
const TREE_SHARE_MAX = 0.8;
/** A network, for all fraud or for one family. */
const AVERAGE_PRECISION_MAX = 0.9;
/** Fewer frauds of a family say nothing. */
const FAMILY_FRAUDS_MIN = 150;

/** What makes the world too easy, in words; nothing if it is not. */
export function tooEasy(difficulty: Difficulty): string[] {
  const { singles, treeAveragePrecision: tree, networkAveragePrecision: network, families } = difficulty;
  const reasons = singles
    .filter(({ auc }) => auc > SINGLE_AUC_MAX)
    .map(({ feature, auc }) => `${feature} alone has AUC ${auc.toFixed(3)}`);
  if (tree > TREE_SHARE_MAX * network)
    reasons.push(`a tree of depth 3 has ${tree.toFixed(3)} of the network's ${network.toFixed(3)}`);
  if (network > AVERAGE_PRECISION_MAX) reasons.push(`a network has average precision ${network.toFixed(3)}`);
  for (const [family, { frauds, averagePrecision }] of Object.entries(families)) {
    if (frauds >= FAMILY_FRAUDS_MIN && averagePrecision > AVERAGE_PRECISION_MAX)
      reasons.push(`${family} has average precision ${averagePrecision.toFixed(3)}`);
  }
  return reasons;
}
