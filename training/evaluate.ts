/**
 * `npm run --silent evaluate -- --protocol handbook --data FILE --folds DATES [--json]`: how good
 * the product's way of training is on data that others published results for.
 */
import { parseArgs } from 'node:util';
import { FoldError } from '#training/handbook/protocol.ts';
import { runProtocol, suspectMeasures } from '#training/handbook/run-protocol.ts';
import type { ProtocolResult } from '#training/handbook/run-protocol.ts';
import { TransactionFileError } from '#training/handbook/transactions.ts';

const PUBLISHED_FOLDS = '2018-08-15,2018-08-08,2018-08-01,2018-07-25';

const HELP = `usage: npm run --silent evaluate -- --protocol handbook --data FILE [--folds DATE,DATE,…] [--json]

Trains 7 days, waits 7, tests 7, for each fold, on a CSV or CSV.GZ file with the columns
t_sec,customer_id,terminal_id,amount,fraud. Folds are the days on which training weeks start;
default: ${PUBLISHED_FOLDS}.`;

interface Wanted {
  readonly file: string;
  readonly folds: readonly string[];
  readonly isJson: boolean;
}

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function parseArguments(argv: readonly string[]): Wanted | 'help' {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      protocol: { type: 'string', default: 'handbook' },
      data: { type: 'string' },
      folds: { type: 'string', default: PUBLISHED_FOLDS },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  if (values.protocol !== 'handbook')
    throw new UsageError(`there is no protocol ${values.protocol}; there is: handbook`);
  if (values.data === undefined) throw new UsageError('--data FILE is missing');
  return { file: values.data, folds: values.folds.split(','), isJson: values.json };
}

function printTable({ folds, mean }: ProtocolResult): void {
  console.log('training starts   AUC    AP     CP@100');
  for (const fold of [...folds, { trainStart: 'mean      ', ...mean }]) {
    console.log(
      `${fold.trainStart}        ${fold.auc.toFixed(3)}  ${fold.ap.toFixed(3)}  ${fold.cp100.toFixed(3)}`,
    );
  }
}

async function evaluate(wanted: Wanted): Promise<number> {
  const onStep = process.stderr.isTTY ? (text: string) => console.error(text) : () => undefined;
  const result = await runProtocol(wanted.file, wanted.folds, onStep);
  if (wanted.isJson) console.log(JSON.stringify(result));
  else printTable(result);
  const suspects = suspectMeasures(result.mean);
  if (suspects.length === 0) return 0;
  console.error(`too good to be true (${suspects.join(', ')}): a label was used before it could be known`);
  return 1;
}

function isUsage(error: unknown): error is Error {
  const isFileMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const isBadOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return (
    isFileMissing ||
    isBadOption ||
    [UsageError, TransactionFileError, FoldError].some((kind) => error instanceof kind)
  );
}

try {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted === 'help') console.log(HELP);
  else process.exitCode = await evaluate(wanted);
} catch (error) {
  if (!isUsage(error)) throw error;
  console.error(`evaluate: ${error.message} (see --help)`);
  process.exitCode = 2;
}
