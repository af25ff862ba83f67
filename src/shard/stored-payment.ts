/** Reads from the log what a payment was decided on. */
import { decodePersonalContent, decodePersonalParts, decodeRow } from '#src/domain/encoding/row-codec.ts';
import type { PaymentState } from '#src/domain/ledger/payment-state.ts';
import type { EventLogReader } from '#src/ports/event-log.ts';
import type { Attempt, FeatureStage } from '#src/ports/feature-stage.ts';
import type { StoredPayment } from './decide-again.ts';
import { degradedCauses } from './degraded-causes.ts';

export interface StoredPaymentDeps {
  readonly log: EventLogReader;
  readonly features: Pick<FeatureStage, 'remote'>;
}

type Stored = Pick<PaymentState, 'id' | 'receivedIn' | 'entityKeys'>;

/**
 * Undefined when the payment was never scored. Where its histories could not be read for the decision,
 * they are read now, if they can be.
 */
export async function readStoredPayment(
  { log, features }: StoredPaymentDeps,
  payment: Stored,
): Promise<StoredPayment | undefined> {
  const found = await findInLog(log, payment);
  if (!found) return undefined;
  const { stored, times } = found;
  if (!features.remote || degradedCauses(stored.vector, false).length === 0) return stored;
  const { request } = stored;
  const vector = stored.vector.slice();
  const attempt = { request, entityKeys: payment.entityKeys, ...times };
  return (await features.remote.reread(attempt, vector)) ? { request, vector, isReread: true } : stored;
}

interface FoundPayment {
  readonly stored: StoredPayment;
  readonly times: Pick<Attempt, 'featureTime' | 'receivedAt' | 'shardTime'>;
}

async function findInLog(log: EventLogReader, payment: Stored): Promise<FoundPayment | undefined> {
  const [row] = await log.read({ from: payment.receivedIn, maxRows: 1 });
  if (row?.position !== payment.receivedIn) throw new Error(`the log has no row ${payment.receivedIn}`);
  const parts = decodePersonalParts(row.personal);
  for (const [index, { events, shardTime }] of decodeRow(row.body).entries()) {
    const received = events.find((event) => event.type === 'PaymentReceived');
    if (received?.facts.id !== payment.id) continue;
    const vector = events.find((event) => event.type === 'PaymentDecided')?.vector;
    const part = parts.get(index);
    const personal = (part && decodePersonalContent(part).payment) ?? {};
    const { facts, featureTime, receivedAt } = received;
    const times = { featureTime, receivedAt, shardTime };
    return vector && { stored: { request: { facts, personal }, vector }, times };
  }
  return undefined;
}
