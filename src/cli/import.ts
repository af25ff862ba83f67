/** `vouch import`: payments, accounts and transfers from a file, through the same pipeline. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { bodyReaders } from '#src/body-readers.ts';
import { readSecret } from '#src/data-folder.ts';
import { readVariable } from '#src/config.ts';
import { readImportLine } from '#src/import/import-line.ts';
import { ImportReport } from '#src/import/import-report.ts';
import { ServerImporter } from '#src/import/server-importer.ts';
import { ShardImporter, type Importer } from '#src/import/shard-importer.ts';
import {
  DATA_OPTION,
  EXIT_FAILED,
  EXIT_OK,
  flagOption,
  JSON_OPTION,
  requiredOption,
  textOption,
  UsageError,
  type CliCommand,
  type CommandInput,
} from './command.ts';
import { CONFIG_OPTION, configOf, OPEN_ACCOUNTS_OPTION } from './config-option.ts';
import { createProgress } from './progress.ts';
import { withShard } from './with-shard.ts';

export const importFile: CliCommand = {
  name: 'import',
  summary: 'Takes payments from a file; a line may also be {"account":…} or {"transfer":…}.',
  usage: '(--data DIR | --url URL) FILE',
  options: {
    data: DATA_OPTION,
    url: { type: 'string', value: 'URL', help: 'a running server instead; its token in VOUCH_TOKEN' },
    config: CONFIG_OPTION,
    'open-accounts': OPEN_ACCOUNTS_OPTION,
    json: JSON_OPTION,
  },
  run: runImport,
};

async function runImport(input: CommandInput): Promise<number> {
  const [file] = input.positionals;
  if (file === undefined || input.positionals.length > 1)
    throw new UsageError('name one file, or - for stdin');
  const report = new ImportReport();
  const url = textOption(input, 'url');
  if (url === undefined) await importIntoFolder(input, file, report);
  else
    await importLines(new ServerImporter({ url, token: readVariable('VOUCH_TOKEN'), report }), file, report);
  process.stdout.write(flagOption(input, 'json') ? `${JSON.stringify(report)}\n` : inWords(report));
  return report.refused === 0 ? EXIT_OK : EXIT_FAILED;
}

async function importIntoFolder(input: CommandInput, file: string, report: ImportReport): Promise<void> {
  const config = configOf(input);
  await withShard(config, requiredOption(input, 'data'), ({ shard, folder, settings }) => {
    const aheadSecondsMax = config.server.aheadSeconds;
    const readers = bodyReaders({
      entityKey: readSecret(folder),
      assets: settings.assets,
      now: Date.now,
      aheadSecondsMax,
    });
    return importLines(new ShardImporter({ shard, readers, report, now: Date.now }), file, report);
  });
}

async function importLines(importer: Importer, file: string, report: ImportReport): Promise<void> {
  const progress = createProgress();
  const input = file === '-' ? process.stdin : createReadStream(file);
  const totalBytes = file === '-' ? undefined : (await stat(file)).size;
  let number = 0;
  let bytes = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    bytes += Buffer.byteLength(line) + 1;
    if (line.trim() !== '') await importer.take(readImportLine(line, number));
    if (totalBytes !== undefined) progress.show('import', bytes / totalBytes, report.lines);
  }
  await importer.finish();
  progress.end();
}

function inWords({ lines, done, repeated, refused, payments, problems }: ImportReport): string {
  const statuses = Object.entries(payments).map(([status, count]) => `${count} ${status}`);
  return [
    `${lines} lines: ${done} taken, ${repeated} there before, ${refused} refused`,
    ...(statuses.length > 0 ? [`payments: ${statuses.join(', ')}`] : []),
    ...problems.map(({ line, detail }) => `  line ${line}: ${detail}`),
    '',
  ].join('\n');
}
