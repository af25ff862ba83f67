/** What is known of one card, device, address, account or merchant, by the payments that named it. */
import type { EntityKind } from '#src/domain/entity.ts';
import type { EntityName } from '#src/ports/ledger-queries.ts';
import type { EntityView, LabelView, ListEntryView } from '#src/ports/ledger-views.ts';
import { namedEntity } from '#src/projections/record-terms.ts';
import type { TermKind } from '#src/projections/term-hasher.ts';
import { entityWindows } from './entity-windows.ts';
import { listEntryAt } from './list-reads.ts';
import { entitiesOf } from './payment-entities.ts';
import { findPayment, labelView } from './payment-view.ts';
import type { Reading } from './reading.ts';

/** The kinds that payments are found by; of the others labels and list entries are known here. */
const ENTITY_TERMS = new Set<EntityKind>(['account', 'creditor', 'card', 'device', 'ip', 'merchant']);
/** Links come from so many of the newest payments. */
const LINKED_PAYMENTS_MAX = 200;
const LINKS_MAX = 100;
const LABELS_MAX = 100;

/** Undefined when neither a payment nor a label nor a list entry names it. */
export async function readEntity(
  reading: Reading,
  { kind, id }: EntityName,
): Promise<EntityView | undefined> {
  const payments = isTerm(kind) ? await paymentsOf(reading, { kind, id }) : undefined;
  const labels = await entityLabels(reading, { kind, id });
  const listEntries = await entityListEntries(reading, { kind, id });
  if (!payments && labels.length === 0 && listEntries.length === 0) return undefined;
  return { kind, id, ...payments, links: payments?.links ?? [], labels, listEntries };
}

async function paymentsOf(reading: Reading, entity: EntityName & { readonly kind: TermKind }) {
  const { index } = reading.projection;
  const extent = index.extentOf(entity.kind, entity.id);
  if (!extent) return undefined;
  return {
    firstSeenAt: index.placeOf(extent.first).at,
    lastSeenAt: index.placeOf(extent.last).at,
    payments: extent.count,
    windows: await entityWindows(reading, entity),
    links: await linksOf(reading, entity),
  };
}

function isTerm(kind: EntityKind): kind is EntityKind & TermKind {
  return ENTITY_TERMS.has(kind);
}

async function linksOf(
  reading: Reading,
  entity: EntityName & { readonly kind: TermKind },
): Promise<EntityView['links']> {
  const links = new Map<string, { kind: EntityKind; id: string; payments: number }>();
  let read = 0;
  for (const input of reading.projection.index.newestWith(entity.kind, entity.id)) {
    if (read++ === LINKED_PAYMENTS_MAX) break;
    const payment = await findPayment(reading, input);
    for (const { kind, id } of payment ? entitiesOf(payment) : []) {
      if (kind === entity.kind && id === entity.id) continue;
      const link = links.get(namedEntity(kind, id)) ?? { kind, id, payments: 0 };
      link.payments++;
      links.set(namedEntity(kind, id), link);
    }
  }
  return [...links.values()].slice(0, LINKS_MAX);
}

async function entityLabels(reading: Reading, { kind, id }: EntityName): Promise<LabelView[]> {
  const { projection, records } = reading;
  const labels: LabelView[] = [];
  for (const input of projection.index.newestWith('labelled', namedEntity(kind, id))) {
    const { record } = await records.at(projection.index.placeOf(input));
    for (const event of record.events) if (event.type === 'LabelRecorded') labels.push(labelView(event));
    if (labels.length >= LABELS_MAX) break;
  }
  return labels;
}

async function entityListEntries(reading: Reading, { kind, id }: EntityName): Promise<ListEntryView[]> {
  const entries: ListEntryView[] = [];
  for (const input of reading.projection.index.newestWith('listed', namedEntity(kind, id))) {
    const entry = await listEntryAt(reading, input);
    if (entry) entries.push(entry);
  }
  return entries;
}
