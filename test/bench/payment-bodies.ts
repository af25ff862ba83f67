/** The payments that `http/payments.lua` sends, for benchmarks in process. */
import { seededRandom } from '#test/support/seeded-random.ts';

const MERCHANTS = 400;
const STARTED_AT = Date.UTC(2026, 10, 1);

export interface PaymentBodiesSettings {
  readonly seed: number;
  /** Each with two cards, a device and an address of its own. */
  readonly accounts: number;
  /** Between two payments. */
  readonly stepMs: number;
}

export class PaymentBodies {
  /** Time of the newest body, milliseconds since 1970. */
  now = STARTED_AT;
  readonly #random: () => number;
  #count = 0;
  #elapsed = 0;

  readonly #settings: PaymentBodiesSettings;

  constructor(settings: PaymentBodiesSettings) {
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
  }

  next(): Record<string, unknown> {
    const id = ++this.#count;
    this.#elapsed += this.#settings.stepMs;
    this.now = STARTED_AT + Math.floor(this.#elapsed);
    const account = this.#below(this.#settings.accounts);
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
