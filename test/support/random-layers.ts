import type { DenseLayer } from '#src/ports/network.ts';

/** Dense layers of the given widths with seeded weights, the last width being 1. */
export function randomLayers(widths: readonly number[], random: () => number): readonly DenseLayer[] {
  return widths.slice(1).map((outputs, place) => {
    const inputs = widths[place] ?? 0;
    const spread = 2 / Math.sqrt(inputs);
    return {
      inputs,
      outputs,
      kernel: Float32Array.from({ length: inputs * outputs }, () => (random() - 0.5) * spread),
      bias: Float32Array.from({ length: outputs }, () => random() - 0.5),
    };
  });
}
