/**
 * `npm run train`: streams the training world through the product, trains the shipped model on what was
 * observed, measures it on the evaluation world and writes `models/NAME/VERSION/`. The same command
 * gives the same files. Interrupted, it goes on from the rows that it had collected.
 */
import { parseArgs } from 'node:util';
import { train } from '#training/train/train-model.ts';
import { planOf } from '#training/train/training-plan.ts';
import type { PlanChoices } from '#training/train/training-plan.ts';
import { SEATS } from '#training/world/parameters.ts';
import type { Seat } from '#training/world/parameters.ts';

const HELP = `usage: npm run train -- [--version V] [--days N] [--customers N] [--seed N] [--seat wallet|shop|bank]
                           [--out DIR] [--work DIR]

Writes DIR/vouch/V/ (default models/vouch/V/): model.json, weights.bin, manifest.json, metrics.json.
Learns the traffic of all seats, or with --seat of one.
--days and --customers make the worlds smaller; --work is where collected rows are kept (.vouch).`;

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

function seatNamed(text: string | undefined): Seat | undefined {
  const seat = SEATS.find((each) => each === text);
  if (text !== undefined && seat === undefined) throw new UsageError(`there is no seat ${text}`);
  return seat;
}

function readChoices(
  argv: readonly string[],
): { readonly choices: PlanChoices; readonly out: string; readonly work: string } | 'help' {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      version: text,
      days: text,
      customers: text,
      seed: text,
      seat: text,
      out: { type: 'string', default: 'models' },
      work: { type: 'string', default: '.vouch' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const choices = {
    version: values.version,
    days: wholeNumber('days', values.days),
    customers: wholeNumber('customers', values.customers),
    seed: wholeNumber('seed', values.seed),
    seat: seatNamed(values.seat),
  };
  return { choices, out: values.out, work: values.work };
}

function isUsage(error: unknown): error is Error {
  const isBadOption =
    error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return isBadOption || error instanceof UsageError;
}

try {
  const read = readChoices(process.argv.slice(2));
  if (read === 'help') console.log(HELP);
  else await train(planOf(read.choices), read);
} catch (error) {
  if (!isUsage(error)) throw error;
  console.error(`train: ${error.message} (see --help)`);
  process.exitCode = 2;
}
