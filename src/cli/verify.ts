/** `vouch verify`: whether everything in a data folder holds. */
import { runVerifyCluster, type VerifyClusterReport } from '#src/verify-cluster.ts';
import { runVerify, type VerifyReport } from '#src/verify.ts';
import {
  DATA_OPTION,
  EXIT_FAILED,
  EXIT_OK,
  flagOption,
  JSON_OPTION,
  requiredOption,
  textOption,
} from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { createProgress } from './progress.ts';

const PROBLEMS_SHOWN = 20;

export const verify: CliCommand = {
  name: 'verify',
  summary: 'Re-reads everything: the chain, balances, ends of payments, read models against a replay.',
  usage: '--data DIR [--anchor FILE] [--cluster] [--json]',
  options: {
    data: DATA_OPTION,
    anchor: { type: 'string', value: 'FILE', help: 'heads that were kept elsewhere' },
    cluster: { type: 'boolean', help: 'all shards together, from the copies that the folder has of them' },
    json: JSON_OPTION,
  },
  run: verifyFolder,
};

async function verifyFolder(input: CommandInput): Promise<number> {
  if (flagOption(input, 'cluster')) return verifyShards(input);
  const anchorFile = textOption(input, 'anchor');
  const progress = createProgress();
  const report = await runVerify({
    dataFolder: requiredOption(input, 'data'),
    ...(anchorFile === undefined ? {} : { anchorFile }),
    onProgress: (step, share) => progress.show(step, share),
  });
  progress.end();
  process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report));
  return report.ok ? EXIT_OK : EXIT_FAILED;
}

async function verifyShards(input: CommandInput): Promise<number> {
  const progress = createProgress();
  const report = await runVerifyCluster({
    dataFolder: requiredOption(input, 'data'),
    onProgress: (step, share) => progress.show(step, share),
  });
  progress.end();
  process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : shardsInWords(report));
  return report.ok ? EXIT_OK : EXIT_FAILED;
}

function shardsInWords({ ok, heads, problems, ...counts }: VerifyClusterReport): string {
  const { events, payments, entries, messages, outstanding } = counts;
  const said =
    `${heads.length} shards, ${events} events, ${payments} payments, ${entries} entries, ` +
    `${messages} messages of which ${outstanding} are on their way`;
  if (ok) return `everything holds: ${said}\n`;
  const shown = problems.slice(0, PROBLEMS_SHOWN).map(({ shard, position, detail }) => {
    const place =
      shard === undefined ? '' : `shard ${shard}${position === undefined ? '' : ` at ${position}`}: `;
    return `  ${place}${detail}`;
  });
  return [`it does not hold: ${problems.length} problems in ${said}`, ...shown, ''].join('\n');
}

function inWords({ ok, events, payments, entries, erased, head, problems }: VerifyReport): string {
  const gone = erased === 0 ? '' : `, ${erased} personal parts erased`;
  const counts = `${events} events, ${payments} payments, ${entries} entries${gone}; head ${head}`;
  if (ok) return `everything holds: ${counts}\n`;
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ position, detail }) => `  at ${position}: ${detail}`);
  return [`it does not hold: ${problems.length} problems in ${counts}`, ...shown, ''].join('\n');
}
