/** Several clients that send payments one after the other until the server is gone. */
import type { JsonClient } from '#test/support/crash/json-client.ts';
import { acknowledgedBy, type Acknowledged, type SentPayment } from '#test/support/crash/payment-ledger.ts';

export interface LoadResult {
  readonly acknowledged: readonly Acknowledged[];
  /** Sent, and never answered: they may stand or not. */
  readonly unsure: readonly SentPayment[];
  /** Answers that are no acknowledgement, and should not have come. */
  readonly unexpected: readonly string[];
}

export interface LoadOptions {
  readonly client: JsonClient;
  readonly clients: number;
  readonly nextPayment: () => SentPayment;
  /** Called after each acknowledgement with their number; kills the server when it is time. */
  readonly onAcknowledged: (count: number) => void;
}

export async function sendUntilGone(options: LoadOptions): Promise<LoadResult> {
  const acknowledged: Acknowledged[] = [];
  const unsure: SentPayment[] = [];
  const unexpected: string[] = [];

  async function sendOnConnection(): Promise<void> {
    for (;;) {
      const payment = options.nextPayment();
      try {
        const answer = await options.client.send('POST', '/v1/payments', payment);
        if (answer.status === 201) {
          acknowledged.push(acknowledgedBy(payment, answer));
          options.onAcknowledged(acknowledged.length);
        } else {
          unexpected.push(`${payment.id}: answered ${answer.status} ${JSON.stringify(answer.body)}`);
          unsure.push(payment);
          return;
        }
      } catch {
        unsure.push(payment);
        return;
      }
    }
  }

  await Promise.all(Array.from({ length: options.clients }, sendOnConnection));
  return { acknowledged, unsure, unexpected };
}
