/** `vouch cluster import`: the ledger of a data folder, moved to shards at a broker. */
import { moveLedger, type MoveReport } from '#src/cluster/move-ledger.ts';
import { createLogger } from '#src/observability/logger.ts';
import { clusterOf } from './cluster.ts';
import { DATA_OPTION, EXIT_OK, flagOption, JSON_OPTION, requiredOption } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf } from './config-option.ts';
import { createProgress } from './progress.ts';

export const clusterImport: CliCommand = {
  name: 'cluster import',
  summary: 'Moves the ledger of a data folder to the shards of a new one at a broker.',
  usage: '--data DIR --config FILE [--dry-run] [--json]',
  options: {
    data: DATA_OPTION,
    config: CONFIG_OPTION,
    'dry-run': { type: 'boolean', help: 'verify and rehearse only; the broker is not asked' },
    json: JSON_OPTION,
  },
  run: runImport,
};

async function runImport(input: CommandInput): Promise<number> {
  const config = configOf(input);
  const isRehearsal = flagOption(input, 'dry-run');
  const progress = createProgress();
  const report = await moveLedger({
    dataFolder: requiredOption(input, 'data'),
    cluster: clusterOf(config),
    log: createLogger(config.log.level === 'info' ? 'warn' : config.log.level),
    isRehearsal,
    onProgress: (step, share) => progress.show(step, share),
  });
  progress.end();
  process.stdout.write(
    flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report, isRehearsal),
  );
  return EXIT_OK;
}

function inWords({ ledgerId, counts, accounts, heads }: MoveReport, isRehearsal: boolean): string {
  const { payments, entries } = counts;
  const what = `${payments} payments, ${entries} entries and ${accounts} accounts in ${heads.length} shards`;
  if (isRehearsal) return `it can be moved: ${what}\n`;
  return `all of it is there: ${what} of ledger ${ledgerId}\nnow start the workers, with the same configuration\n`;
}
