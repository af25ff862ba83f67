/**
 * `npm run evaluate`: how good the product's way of training is on data that others published results
 * for (`--protocol handbook`), and how good a released model is on a world that it has not seen
 * (`--model DIR`).
 */
import { parseArgs } from 'node:util';
import { ReferenceError } from '#training/evaluation/boosted-reference.ts';
import { evaluateModel } from '#training/evaluation/model-command.ts';
import type { ModelWanted } from '#training/evaluation/model-command.ts';
import { evaluateHandbook } from '#training/handbook/handbook-command.ts';
import type { HandbookWanted } from '#training/handbook/handbook-command.ts';
import { FoldError } from '#training/handbook/protocol.ts';
import { TransactionFileError } from '#training/handbook/transactions.ts';
import { planOf } from '#training/train/training-plan.ts';

const PUBLISHED_FOLDS = '2018-08-15,2018-08-08,2018-08-01,2018-07-25';

const HELP = `usage: npm run --silent evaluate -- --protocol handbook --data FILE [--folds DATE,DATE,…] [--json]
       npm run evaluate -- --model DIR [--days N] [--customers N] [--seed N] [--work DIR]
                           [--reference PYTHON] [--leave-out]

--protocol handbook trains 7 days, waits 7, tests 7, for each fold, on a CSV or CSV.GZ file with the
columns t_sec,customer_id,terminal_id,amount,fraud. Folds are the days on which training weeks start;
default: ${PUBLISHED_FOLDS}.

--model measures a model folder on the evaluation world and writes metrics.json, README.md and
report.html into it; give it the sizes that training had. --reference fits boosted trees to the same
rows with a Python that has training/reference/requirements.txt installed; --leave-out trains again
without each family of fraud in turn. Both need the collected rows, which --work keeps (.vouch).`;

type Wanted =
  | { readonly kind: 'handbook'; readonly handbook: HandbookWanted }
  | { readonly kind: 'model'; readonly model: ModelWanted }
  | { readonly kind: 'help' };

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`--${name} ${text} is not a whole number above 0`);
  return value;
}

function readOptions(argv: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  return parseArgs({
    args: [...argv],
    options: {
      protocol: text,
      data: text,
      folds: { type: 'string', default: PUBLISHED_FOLDS },
      json: flag,
      model: text,
      days: text,
      customers: text,
      seed: text,
      work: { type: 'string', default: '.vouch' },
      reference: text,
      'leave-out': flag,
      help: flag,
    },
  }).values;
}

function parseArguments(argv: readonly string[]): Wanted {
  const options = readOptions(argv);
  if (options.help) return { kind: 'help' };
  if (options.model !== undefined) {
    const plan = planOf({
      days: wholeNumber('days', options.days),
      customers: wholeNumber('customers', options.customers),
      seed: wholeNumber('seed', options.seed),
    });
    const { model: folder, work, reference: python, 'leave-out': leavesFamiliesOut } = options;
    return { kind: 'model', model: { plan, folder, work, python, leavesFamiliesOut } };
  }
  if (options.protocol === undefined) throw new UsageError('--protocol or --model is missing');
  if (options.protocol !== 'handbook')
    throw new UsageError(`there is no protocol ${options.protocol}; there is: handbook`);
  if (options.data === undefined) throw new UsageError('--data FILE is missing');
  const folds = options.folds.split(',').map((fold) => fold.trim());
  return { kind: 'handbook', handbook: { file: options.data, folds, isJson: options.json } };
}

function isUsage(error: unknown): error is Error {
  const isFileMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
  const isBadOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return (
    isFileMissing ||
    isBadOption ||
    [UsageError, TransactionFileError, FoldError, ReferenceError].some((kind) => error instanceof kind)
  );
}

try {
  const wanted = parseArguments(process.argv.slice(2));
  if (wanted.kind === 'help') console.log(HELP);
  else if (wanted.kind === 'handbook') await evaluateHandbook(wanted.handbook);
  else await evaluateModel(wanted.model);
} catch (error) {
  if (!isUsage(error)) throw error;
  console.error(`evaluate: ${error.message} (see --help)`);
  process.exitCode = 2;
}
