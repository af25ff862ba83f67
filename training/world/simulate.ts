/**
 * `npm run simulate`: writes a world as NDJSON in the form that `vouch import` and
 * `POST /v1/payments/batch` take, and beside it the truth and what arrives besides payments. Nobody
 * decides here, so the stream is the open loop: every payment counts as approved.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { forSeat, PARAMETER_SETS } from './parameter-sets.ts';
import type { Seat, WorldParameters } from './parameters.ts';
import { createWorld } from './world.ts';
import type { WorldItem } from './world-item.ts';

const USAGE = `npm run simulate -- --out FILE [--seed N] [--days D] [--customers C]
  [--set training|evaluation|demo] [--seat wallet|shop|bank]

Writes FILE (accounts, transfers and payments, one JSON object a line) and beside it
FILE.truth.ndjson      what each payment really is; for evaluation only
FILE.signals.ndjson    logins, password changes, new devices
FILE.labels.ndjson     what becomes known later, months after the last payment too
FILE.reversals.ndjson  refunds and chargebacks`;

const SEATS: readonly Seat[] = ['wallet', 'shop', 'bank'];

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
      seat: { type: 'string', default: 'wallet' },
      help: { type: 'boolean', default: false },
    },
  });
  const set = Object.values(PARAMETER_SETS).find(({ name }) => name === values.set);
  const seat = SEATS.find((each) => each === values.seat);
  const seed = Number(values.seed);
  const days = Number(values.days ?? set?.days);
  const count = Number(values.customers ?? set?.people.count);
  const wellFormed = [seed, days, count].every((value) => Number.isSafeInteger(value) && value >= 1);
  if (values.help || values.out === undefined || set === undefined || seat === undefined || !wellFormed)
    return null;
  const parameters = forSeat({ ...set, days, people: { ...set.people, count } }, seat);
  return { out: values.out, seed, parameters };
}

interface Tally {
  payments: number;
  fraud: number;
}

class WorldFiles {
  readonly tally: Tally = { payments: 0, fraud: 0 };
  private readonly stream: LineFile;
  private readonly truth: LineFile;
  private readonly signals: LineFile;
  private readonly labels: LineFile;
  private readonly reversals: LineFile;

  constructor(out: string) {
    this.stream = new LineFile(out);
    this.truth = new LineFile(`${out}.truth.ndjson`);
    this.signals = new LineFile(`${out}.signals.ndjson`);
    this.labels = new LineFile(`${out}.labels.ndjson`);
    this.reversals = new LineFile(`${out}.reversals.ndjson`);
  }

  write(item: WorldItem): void {
    switch (item.kind) {
      case 'account':
        return this.stream.write({ account: item.body });
      case 'transfer':
        return this.stream.write({ transfer: item.body });
      case 'signal':
        return this.signals.write(item.body);
      case 'label':
        return this.labels.write(item.body);
      case 'reversal':
        return this.reversals.write({
          at: new Date(item.at).toISOString(),
          paymentId: item.paymentId,
          ...item.body,
        });
      case 'payment':
        this.stream.write(item.body);
        this.truth.write({ paymentId: item.body.id, ...item.truth, ...item.backstage });
        this.tally.payments += 1;
        if (item.truth.fraud) this.tally.fraud += 1;
    }
  }

  close(): void {
    for (const file of [this.stream, this.truth, this.signals, this.labels, this.reversals]) file.close();
  }
}

function simulate({ out, seed, parameters }: Options): void {
  const files = new WorldFiles(out);
  const world = createWorld(parameters, seed);
  for (let item = world.next(); item !== undefined; item = world.next()) files.write(item);
  files.close();
  const { payments, fraud } = files.tally;
  const share = ((100 * fraud) / Math.max(1, payments)).toFixed(2);
  const source = `set ${parameters.name}, seat ${parameters.seat}, seed ${seed}`;
  console.error(`${out}: ${payments} payments, ${share} % fraud (${source})`);
}

const options = readOptions();
if (options === null) {
  console.error(USAGE);
  process.exitCode = 2;
} else simulate(options);
