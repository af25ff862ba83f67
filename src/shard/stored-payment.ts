/** Reads from the log what a payment was decided on. */
import { decodePersonalContent, decodePersonalParts, decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { StoredPayment } from './decide-again.ts';

/** Undefined when the payment was never scored. */
export async function readStoredPayment(
  log: EventLogReader,
  payment: Pick<PaymentState, 'id' | 'receivedIn'>,
): Promise<StoredPayment | undefined> {
  const [row] = await log.read({ from: payment.receivedIn, maxRows: 1 });
  if (row?.position !== payment.receivedIn) throw new Error(`the log has no row ${payment.receivedIn}`);
  const parts = decodePersonalParts(row.personal);
  for (const [index, { events }] of decodeRow(row.body).entries()) {
    const received = events.find((event) => event.type === 'PaymentReceived');
    if (received?.facts.id !== payment.id) continue;
    const vector = events.find((event) => event.type === 'PaymentDecided')?.vector;
    const part = parts.get(index);
    const personal = (part && decodePersonalContent(part).payment) ?? {};
    return vector && { request: { facts: received.facts, personal }, vector };
  }
  return undefined;
}
