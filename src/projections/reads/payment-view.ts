/** Puts a payment together: where it stands from the fold, everything else from its records in the log. */
import type { DecisionRecord } from '#src/domain/decision.ts';
import { settlementOf } from '#src/domain/ledger/payment-state.ts';
import type { LedgerEvent, PaymentReceived } from '#src/domain/events.ts';
import type { HistoryView, LabelView, PaymentDetails, PaymentView } from '#src/ports/ledger-views.ts';
import type { FoundRecord } from '#src/projections/log-records.ts';
import type { PaymentRow } from '#src/projections/projected-rows.ts';
import type { Reading } from './reading.ts';

/** A record that received a payment, with where the payment stands now. */
export interface FoundPayment {
  readonly found: FoundRecord;
  readonly received: PaymentReceived;
  readonly row: Readonly<PaymentRow>;
}

/** The payment that the input received; undefined when it received none. */
export async function findPayment(reading: Reading, input: number): Promise<FoundPayment | undefined> {
  const { projection, records } = reading;
  const found = await records.at(projection.index.placeOf(input));
  const received = found.record.events.find((event) => event.type === 'PaymentReceived');
  const row = received && projection.fold.payment(received.facts.id);
  return received && row ? { found, received, row } : undefined;
}

/** As it is listed: without vector, labels and history. */
export async function listedPayment(reading: Reading, payment: FoundPayment): Promise<PaymentView> {
  const { found, row } = payment;
  const decisions = decisionsIn(found, row);
  const complete = decisions.length >= row.state.decisions;
  return viewOf(payment, complete ? decisions : decisionsOf(await laterRecords(reading, payment), payment));
}

export async function detailedPayment(reading: Reading, payment: FoundPayment): Promise<PaymentView> {
  const records = await laterRecords(reading, payment);
  return {
    ...viewOf(payment, decisionsOf(records, payment)),
    details: detailsOf([payment.found, ...records], payment.row),
  };
}

async function laterRecords({ projection, records }: Reading, { row }: FoundPayment): Promise<FoundRecord[]> {
  const later: FoundRecord[] = [];
  for (const input of row.inputs.slice(1)) later.push(await records.at(projection.index.placeOf(input)));
  return later;
}

function viewOf({ found, received, row }: FoundPayment, decisions: readonly DecisionRecord[]): PaymentView {
  const { status, awaiting, until, captured, reversed, version } = row.state;
  const { returned, pendingReversals, idConflict } = row.state;
  const settlement = settlementOf(row.state);
  const personal = found.personal?.payment;
  const rejected = found.record.events.find((event) => event.type === 'PaymentRejected');
  return {
    facts: received.facts,
    ...(personal ? { personal } : {}),
    erased: received.personalDigest !== undefined && !found.personal,
    receivedAt: received.receivedAt,
    status,
    ...(awaiting === undefined ? {} : { awaiting }),
    ...(until === undefined ? {} : { until }),
    ...(rejected ? { rejection: rejected.reason } : {}),
    capturedAmount: captured,
    reversedAmount: reversed,
    ...(settlement === undefined ? {} : { settlement }),
    returnedAmount: returned,
    pendingReversals: pendingReversals.map(({ id, kind, amount }) => ({ id, kind, amount })),
    idConflict: idConflict !== undefined,
    decisions,
    version,
  };
}

function decisionsOf(later: readonly FoundRecord[], { found, row }: FoundPayment): DecisionRecord[] {
  return [found, ...later].flatMap((record) => decisionsIn(record, row));
}

function decisionsIn({ record }: FoundRecord, row: Readonly<PaymentRow>): DecisionRecord[] {
  return record.events.flatMap((event) =>
    event.type === 'PaymentDecided' && event.paymentId === row.state.id ? [event.decision] : [],
  );
}

function detailsOf(records: readonly FoundRecord[], row: Readonly<PaymentRow>): PaymentDetails {
  const events = records.flatMap(({ record, place }) =>
    record.events.filter((event) => isOf(event, row.state.id)).map((event) => ({ event, record, place })),
  );
  const decided = events.find(({ event }) => event.type === 'PaymentDecided')?.event;
  const vector = decided?.type === 'PaymentDecided' ? decided.vector : undefined;
  return {
    ...(vector ? { vector } : {}),
    labels: events.flatMap(({ event }) => (event.type === 'LabelRecorded' ? [labelView(event)] : [])),
    history: events.map(({ event, record, place }) => historyView(event, { ...place, actor: record.actor })),
  };
}

function isOf(event: LedgerEvent, paymentId: string): boolean {
  if (event.type === 'PaymentReceived') return event.facts.id === paymentId;
  return 'paymentId' in event && event.paymentId === paymentId;
}

function historyView(event: LedgerEvent, { at, actor, position }: Omit<HistoryView, 'event'>): HistoryView {
  const view = { event: event.type, at, actor, position };
  if (event.type === 'PaymentCaptured') return { ...view, id: event.captureId, amount: event.amount };
  if (event.type === 'PaymentReversed' || event.type === 'ReversalRequested')
    return { ...view, id: event.reversalId, amount: event.amount };
  return view;
}

export function labelView(event: LedgerEvent & { readonly type: 'LabelRecorded' }): LabelView {
  const { labelId: id, label, kind, source, state, observedAt } = event;
  return {
    id,
    label,
    ...(kind === undefined ? {} : { kind }),
    source,
    ...(state === undefined ? {} : { state }),
    observedAt,
  };
}
