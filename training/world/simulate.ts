/**
 * `npm run simulate`: writes a world as NDJSON in the form that `vouch import` and
 * `POST /v1/payments/batch` take, and beside it the truth, the signals and what issuers would say.
 * Nobody decides here, so the stream is the open loop: every payment counts as approved.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PARAMETER_SETS } from './parameter-sets.ts';
import type { WorldParameters } from './parameters.ts';
import { createWorld } from './world.ts';
import type { WorldItem } from './world-item.ts';

const USAGE = `npm run simulate -- --out FILE [--seed N] [--days D] [--customers C] [--set training|evaluation|demo]

Writes FILE (accounts and payments, one JSON object a line), FILE.truth.ndjson (what each payment
really is; for evaluation only) and FILE.signals.ndjson (logins and the like).`;

/** Lines are gathered up to this many characters before a write. */
const WRITE_AT_CHARACTERS = 1 << 20;

class LineFile {
  private readonly descriptor: number;
  private text = '';

  constructor(path: string) {
    this.descriptor = openSync(path, 'w');
  }

  write(value: unknown): void {
    this.text += `${JSON.stringify(value)}\n`;
    if (this.text.length > WRITE_AT_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  private flush(): void {
    writeSync(this.descriptor, this.text);
    this.text = '';
  }
}

interface Options {
  readonly out: string;
  readonly seed: number;
  readonly parameters: WorldParameters;
}

function readOptions(): Options | null {
  const { values } = parseArgs({
    options: {
      out: { type: 'string' },
      seed: { type: 'string', default: '1' },
      days: { type: 'string' },
      customers: { type: 'string' },
      set: { type: 'string', default: 'demo' },
      help: { type: 'boolean', default: false },
    },
  });
  const chosen = Object.entries(PARAMETER_SETS).find(([name]) => name === values.set)?.[1];
  const seed = Number(values.seed);
  const days = Number(values.days ?? chosen?.days);
  const count = Number(values.customers ?? chosen?.people.count);
  const wellFormed = [seed, days, count].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (values.help || values.out === undefined || chosen === undefined || !wellFormed) return null;
  return { out: values.out, seed, parameters: { ...chosen, days, people: { ...chosen.people, count } } };
}

interface Tally {
  payments: number;
  fraud: number;
}

function simulate({ out, seed, parameters }: Options): Tally {
  const stream = new LineFile(out);
  const truths = new LineFile(`${out}.truth.ndjson`);
  const signals = new LineFile(`${out}.signals.ndjson`);
  const world = createWorld(parameters, seed);
  const tally: Tally = { payments: 0, fraud: 0 };
  const write = (item: WorldItem): void => {
    if (item.kind === 'account') stream.write({ account: item.body });
    if (item.kind === 'signal') signals.write(item.body);
    if (item.kind !== 'payment') return;
    stream.write(item.body);
    truths.write({ paymentId: item.body.id, ...item.truth, ...item.backstage });
    tally.payments += 1;
    if (item.truth.fraud) tally.fraud += 1;
  };
  for (let item = world.next(); item !== undefined; item = world.next()) write(item);
  for (const file of [stream, truths, signals]) file.close();
  return tally;
}

const options = readOptions();
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const tally = simulate(options);
  const share = ((100 * tally.fraud) / Math.max(1, tally.payments)).toFixed(2);
  console.error(
    `${options.out}: ${tally.payments} payments, ${share} % fraud (set ${options.parameters.name}, seed ${options.seed})`,
  );
}
