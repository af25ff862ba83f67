/** The payments that `http/payments.lua` sends, for benchmarks in process: 20,000 customers, 400 merchants. */
import { seededRandom } from '#test/support/seeded-random.ts';

const ACCOUNTS = 20_000;
const MERCHANTS = 400;
/** Between two payments, so that an hour holds about as many as a busy shop's. */
const STEP_MS = 5;
const STARTED_AT = Date.UTC(2026, 10, 1);

export class PaymentBodies {
  /** Time of the newest body, milliseconds since 1970. */
  now = STARTED_AT;
  readonly #random: () => number;
  #count = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  next(): Record<string, unknown> {
    const id = ++this.#count;
    this.now += STEP_MS;
    const account = this.#below(ACCOUNTS);
    const merchant = this.#below(MERCHANTS);
    return {
      id: `pay_${id}`,
      occurredAt: new Date(this.now).toISOString(),
      amount: 200 + this.#below(20_000),
      asset: 'EUR',
      debtor: `customer:${account}`,
      creditor: `merchant:${merchant}`,
      capture: 'automatic',
      card: {
        id: `c_${account * 2 + (id % 2)}`,
        bin: '424242',
        country: 'DE',
        brand: 'visa',
        funding: 'debit',
      },
      device: {
        id: `d_${account}`,
        assurance: 'client',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
        timezone: 'Europe/Berlin',
        language: 'de-DE',
      },
      ip: `93.${account % 250}.${Math.floor(account / 250) % 250}.${account % 199}`,
      merchant: { id: `m_${merchant}`, category: '5732', country: 'DE' },
      initiator: 'customer',
      channel: 'web',
    };
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}
