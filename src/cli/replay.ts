/** `vouch replay`: the state that the log leads to, and whether its vectors come out again. */
import { FEATURES } from '#src/features/feature-catalogue.ts';
import { runReplay, type ReplayReport } from '#src/replay.ts';
import { DATA_OPTION, EXIT_FAILED, EXIT_OK, flagOption, JSON_OPTION, requiredOption } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { createProgress } from './progress.ts';

export const replay: CliCommand = {
  name: 'replay',
  summary: 'Rebuilds the state from the first event and prints its hash.',
  usage: '--data DIR [--recompute-features] [--json]',
  options: {
    data: DATA_OPTION,
    'recompute-features': {
      type: 'boolean',
      help: 'compute every scored vector again, and count mismatches',
    },
    json: JSON_OPTION,
  },
  run: replayFolder,
};

async function replayFolder(input: CommandInput): Promise<number> {
  const progress = createProgress();
  const report = await runReplay({
    dataFolder: requiredOption(input, 'data'),
    recomputeFeatures: flagOption(input, 'recompute-features'),
    onProgress: (share) => progress.show('replay', share),
  });
  progress.end();
  process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report));
  return (report.features?.mismatches ?? 0) === 0 ? EXIT_OK : EXIT_FAILED;
}

function inWords({ state, position, events, payments, milliseconds, features }: ReplayReport): string {
  const lines = [
    `state ${state}`,
    `${events} events and ${payments} payments up to position ${position} in ${milliseconds} ms`,
  ];
  if (features) {
    const { vectors, mismatches, erased, afterErasure, examples } = features;
    lines.push(`${vectors} vectors computed again: ${mismatches} differ`);
    if (erased > 0)
      lines.push(`${erased} payments are erased and cannot be; ${afterErasure} vectors behind them differ`);
    for (const { position: at, paymentId, feature, stored, computed } of examples) {
      const name = FEATURES[feature]?.name ?? `feature ${feature}`;
      lines.push(`  at ${at}, ${paymentId}: ${name} was ${stored}, is ${computed}`);
    }
  }
  return [...lines, ''].join('\n');
}
