/** `vouch rates import`: dated exchange rates, without which amounts in other assets are missing in features. */
import { readFile } from 'node:fs/promises';
import { bodyReaders } from '#src/body-readers.ts';
import { readSecret } from '#src/data-folder.ts';
import { DATA_OPTION, EXIT_OK, requiredOption, UsageError } from './command.ts';
import type { CliCommand, CommandInput } from './command.ts';
import { CONFIG_OPTION, configOf } from './config-option.ts';
import { withShard } from './with-shard.ts';

export const ratesImport: CliCommand = {
  name: 'rates import',
  summary: 'Takes exchange rates of a day; a running server takes them at POST /v1/rates.',
  usage: '--data DIR FILE',
  options: { data: DATA_OPTION, config: CONFIG_OPTION },
  run: importRates,
};

async function importRates(input: CommandInput): Promise<number> {
  const [file] = input.positionals;
  if (file === undefined || input.positionals.length > 1) {
    throw new UsageError('name one file with {"date","base","rates"}');
  }
  const body: unknown = JSON.parse(await readFile(file, 'utf8'));
  const config = configOf(input);
  await withShard(config, requiredOption(input, 'data'), async ({ shard, folder, settings }) => {
    const aheadSecondsMax = config.server.aheadSeconds;
    const readers = bodyReaders({
      entityKey: readSecret(folder),
      assets: settings.assets,
      now: Date.now,
      aheadSecondsMax,
    });
    const read = readers.rates.read(body, '');
    if (!read.ok) {
      throw new UsageError(
        read.problems.map(({ path, message }) => `${file}: ${path} ${message}`).join('; '),
      );
    }
    await shard.ask({ command: read.content, actor: 'agent:import', receivedAt: Date.now() });
  });
  process.stdout.write(`the rates of ${file} count from the next payment on\n`);
  return EXIT_OK;
}
