/**
 * `npm run simulate`: writes a world as NDJSON in the form that `vouch import` and
 * `POST /v1/payments/batch` take, and beside it the truth and what arrives besides payments. Nobody
 * decides here, so the stream is the open loop: every payment counts as approved.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { forSeat, PARAMETER_SETS } from './parameter-sets.ts';
import { SEATS } from './parameters.ts';
import type { WorldParameters } from './parameters.ts';
import { streamLine } from './stream-line.ts';
import { createWorld } from './world.ts';
import type { PaymentItem, WorldItem } from './world-item.ts';

const USAGE = `npm run simulate -- --out FILE [--seed N] [--days D] [--customers C]
  [--set training|evaluation|demo] [--seat wallet|shop|bank] [--together]

Writes FILE (accounts, transfers and payments, one JSON object a line) and beside it, for FILE x.ndjson,
  x.truth.ndjson      what each payment really is and when it arrives; for evaluation only
  x.signals.ndjson    logins, password changes, new devices
  x.labels.ndjson     what becomes known later, months after the last payment too
  x.reversals.ndjson  refunds and chargebacks
With --together, signals, labels and reversals stand in FILE, in order of arrival, up to the last day.
A FILE that ends in .br is compressed.`;

/** Lines are gathered up to this many characters before a write. */
const WRITE_AT_CHARACTERS = 1 << 20;

class LineFile {
  private readonly path: string;
  private readonly descriptor: number;
  private readonly compressed: Buffer[] = [];
  private text = '';

  /** A path that ends in `.br` is compressed by Brotli, which finds ids that come back days later. */
  constructor(path: string) {
    this.path = path;
    this.descriptor = openSync(path, 'w');
  }

  write(value: unknown): void {
    this.text += `${JSON.stringify(value)}\n`;
    if (this.text.length > WRITE_AT_CHARACTERS) this.flush();
  }

  close(): void {
    this.flush();
    if (this.compressed.length > 0) writeSync(this.descriptor, compress(Buffer.concat(this.compressed)));
    closeSync(this.descriptor);
  }

  private flush(): void {
    if (this.path.endsWith('.br')) this.compressed.push(Buffer.from(this.text));
    else writeSync(this.descriptor, this.text);
    this.text = '';
  }
}

function compress(bytes: Buffer): Buffer {
  const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_MAX_WINDOW_BITS } = constants;
  return brotliCompressSync(bytes, {
    params: { [BROTLI_PARAM_QUALITY]: 9, [BROTLI_PARAM_LGWIN]: BROTLI_MAX_WINDOW_BITS },
  });
}

/** `demo.ndjson.br` and `truth` make `demo.truth.ndjson.br`. */
function besides(path: string, name: string): string {
  return path.replace(/(\.[a-z]+)*$/, (endings) => `.${name}${endings}`);
}

interface Options {
  readonly out: string;
  readonly together: boolean;
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
      together: { type: 'boolean', default: false },
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
  return { out: values.out, together: values.together, seed, parameters };
}

interface Tally {
  payments: number;
  fraud: number;
}

class WorldFiles {
  readonly tally: Tally = { payments: 0, fraud: 0 };
  private readonly stream: LineFile;
  private readonly truth: LineFile;
  /** What does not stand in the stream itself. */
  private readonly apart: ReadonlyMap<WorldItem['kind'], LineFile> | null;

  constructor({ out, together }: Options) {
    this.stream = new LineFile(out);
    this.truth = new LineFile(besides(out, 'truth'));
    this.apart = together
      ? null
      : new Map([
          ['signal', new LineFile(besides(out, 'signals'))],
          ['label', new LineFile(besides(out, 'labels'))],
          ['reversal', new LineFile(besides(out, 'reversals'))],
        ] as const);
  }

  write(item: WorldItem): void {
    if (item.kind === 'payment') this.count(item);
    const apart = this.apart?.get(item.kind);
    if (apart === undefined) this.stream.write(streamLine(item));
    else apart.write(Object.values(streamLine(item))[0]);
  }

  close(): void {
    for (const file of [this.stream, this.truth, ...(this.apart?.values() ?? [])]) file.close();
  }

  private count(item: PaymentItem): void {
    const at = new Date(item.at).toISOString();
    this.truth.write({ paymentId: item.body.id, at, ...item.truth, ...item.backstage });
    this.tally.payments += 1;
    if (item.truth.fraud) this.tally.fraud += 1;
  }
}

function simulate(options: Options): void {
  const { out, together, seed, parameters } = options;
  const files = new WorldFiles(options);
  const world = createWorld(parameters, seed);
  for (let item = world.next(); item !== undefined; item = world.next()) {
    if (!together || item.at < world.endsAt) files.write(item);
  }
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
