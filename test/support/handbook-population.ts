/**
 * Populations in the form that the Fraud Detection Handbook publishes, drawn by the rules that its
 * authors describe (chapter 3, "Transaction data simulator"): people with a place, an amount and a rate
 * of their own pay at terminals near by; fraud is every amount above 220, everything at a terminal for
 * four weeks after it was taken, and a third of a customer's payments, five times as large, for two
 * weeks after the card was. Own code and own seeds: nothing of the published data is in it.
 */
import type { Transactions } from '#training/handbook/transactions.ts';
import { createRandom } from '#training/random.ts';
import type { Random } from '#training/random.ts';

export interface PopulationSize {
  readonly seed: number;
  readonly customers: number;
  readonly terminals: number;
  readonly days: number;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

interface Customer {
  readonly amountMean: number;
  readonly paymentsOfDay: number;
  readonly terminals: readonly number[];
}

interface Payment {
  readonly second: number;
  readonly card: number;
  readonly terminal: number;
  amountMinor: number;
  fraud: 0 | 1;
}

const DAY_SECONDS = 86_400;
/** As many terminals near a customer as the published ten thousand give within a radius of 5. */
const TERMINALS_NEAR = 78;
const FRAUD_ABOVE_MINOR = 22_000;
/** Two of ten thousand terminals and three of five thousand cards, as published. */
const TERMINALS_TAKEN_A_DAY = 2 / 10_000;
const TERMINAL_DAYS = 28;
const CARDS_TAKEN_A_DAY = 3 / 5_000;
const CARD_DAYS = 14;

/** Knuth's method. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count += 1;
  return count;
}

function createCustomers(random: Random, { customers, terminals }: PopulationSize): readonly Customer[] {
  const place = (): Place => ({ x: random.uniform() * 100, y: random.uniform() * 100 });
  const places = Array.from({ length: terminals }, place);
  const radius = Math.sqrt((TERMINALS_NEAR * 10_000) / (Math.PI * terminals));
  return Array.from({ length: customers }, () => {
    const { x, y } = place();
    const near = places.flatMap((each, at) => (Math.hypot(each.x - x, each.y - y) < radius ? [at] : []));
    return {
      amountMean: 5 + random.uniform() * 95,
      paymentsOfDay: random.uniform() * 4,
      terminals: near.length > 0 ? near : [0],
    };
  });
}

function paymentsOfDay(random: Random, customer: Customer, at: { card: number; day: number }): Payment[] {
  const { amountMean, paymentsOfDay: rate, terminals } = customer;
  const drawn = Array.from({ length: poisson(random, rate) }, (): Payment => {
    const second = Math.trunc(43_200 + 20_000 * random.normal());
    const amount = amountMean + (amountMean / 2) * random.normal();
    return {
      second: second > 0 && second < DAY_SECONDS ? at.day * DAY_SECONDS + second : -1,
      card: at.card,
      terminal: terminals[Math.floor(random.uniform() * terminals.length)] ?? 0,
      amountMinor: Math.round((amount < 0 ? random.uniform() * amountMean * 2 : amount) * 100),
      fraud: 0,
    };
  });
  return drawn.filter(({ second }) => second >= 0);
}

/** Which of so many are taken on one day, when each is with that probability. */
function takenOf(random: Random, count: number, share: number): ReadonlySet<number> {
  return new Set(
    Array.from({ length: poisson(random, count * share) }, () => Math.floor(random.uniform() * count)),
  );
}

function takeTerminals(
  random: Random,
  payments: readonly Payment[],
  { terminals, days }: PopulationSize,
): void {
  for (let day = 0; day < days; day++) {
    const taken = takenOf(random, terminals, TERMINALS_TAKEN_A_DAY);
    for (const payment of payments) {
      const since = Math.floor(payment.second / DAY_SECONDS) - day;
      if (since >= 0 && since < TERMINAL_DAYS && taken.has(payment.terminal)) payment.fraud = 1;
    }
  }
}

function takeCards(random: Random, payments: readonly Payment[], { customers, days }: PopulationSize): void {
  for (let day = 0; day < days; day++) {
    const taken = takenOf(random, customers, CARDS_TAKEN_A_DAY);
    for (const payment of payments) {
      const since = Math.floor(payment.second / DAY_SECONDS) - day;
      if (since < 0 || since >= CARD_DAYS || !taken.has(payment.card) || random.uniform() >= 1 / 3) continue;
      payment.amountMinor *= 5;
      payment.fraud = 1;
    }
  }
}

/** The same size and seed give the same payments, in time order. */
export function handbookPopulation(size: PopulationSize): Transactions {
  const random = createRandom(size.seed);
  const customers = createCustomers(random, size);
  const payments = customers.flatMap((customer, card) =>
    Array.from({ length: size.days }, (_, day) => paymentsOfDay(random, customer, { card, day })).flat(),
  );
  for (const payment of payments) if (payment.amountMinor > FRAUD_ABOVE_MINOR) payment.fraud = 1;
  takeTerminals(random, payments, size);
  takeCards(random, payments, size);
  payments.sort((one, other) => one.second - other.second || one.card - other.card);
  return {
    rows: payments.length,
    seconds: Float64Array.from(payments, ({ second }) => second),
    cards: Int32Array.from(payments, ({ card }) => card),
    terminals: Int32Array.from(payments, ({ terminal }) => terminal),
    amountsMinor: Float64Array.from(payments, ({ amountMinor }) => amountMinor),
    frauds: Uint8Array.from(payments, ({ fraud }) => fraud),
  };
}

/** As a CSV file with the published columns, in another order and with a further one. */
export function populationCsv({
  rows,
  seconds,
  cards,
  terminals,
  amountsMinor,
  frauds,
}: Transactions): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    [row, seconds[row], cards[row], terminals[row], (amountsMinor[row] ?? 0) / 100, frauds[row]].join(','),
  );
  return ['tx_id,t_sec,customer_id,terminal_id,amount,fraud', ...lines, ''].join('\n');
}
