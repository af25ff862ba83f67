/**
 * Remembers the homes of payments that went through this process lately, so that what follows on one
 * is sent to its shard alone. What is not remembered costs a question to every shard, nothing else.
 */

/** Some 10 MB; at 1,000 payments a second the last minute and a half. */
const REMEMBERED_MAX = 100_000;

export class PaymentHomes {
  #newer = new Map<string, number>();
  #older = new Map<string, number>();

  get(paymentId: string): number | undefined {
    return this.#newer.get(paymentId) ?? this.#older.get(paymentId);
  }

  set(paymentId: string, shard: number): void {
    this.#newer.set(paymentId, shard);
    if (this.#newer.size < REMEMBERED_MAX / 2) return;
    this.#older = this.#newer;
    this.#newer = new Map();
  }
}
