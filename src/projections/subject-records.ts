/** Finds every record whose personal part is about one person's card, device, address or account. */
import type { CommandRecord, ErasedPart, PersonalPartRef } from '#src/domain/events.ts';
import type { ListName } from '#src/domain/list-entry.ts';
import type { Subject, SubjectParts } from '#src/ports/subject.ts';
import type { Projection } from './projection.ts';
import { namedEntity } from './record-terms.ts';
import type { LogRecords } from './log-records.ts';
import { ALL_ERASURES, type TermKind } from './term-hasher.ts';

const SIGNAL_TERMS: Readonly<Record<Subject['kind'], TermKind | undefined>> = {
  card: undefined,
  device: 'signalDevice',
  ip: 'signalIp',
  account: 'signals',
};

export async function findSubjectParts(
  projection: Projection,
  records: LogRecords,
  { kind, id }: Subject,
): Promise<SubjectParts> {
  const { index } = projection;
  const inputs = new Set<number>();
  for (const input of index.oldestWith(kind, id)) {
    for (const own of await paymentInputs(projection, records, input)) inputs.add(own);
  }
  const signals = SIGNAL_TERMS[kind];
  if (signals) for (const input of index.oldestWith(signals, id)) inputs.add(input);
  for (const input of index.oldestWith('labelled', namedEntity(kind, id))) inputs.add(input);
  const standing: { list: ListName; id: string }[] = [];
  for (const input of index.oldestWith('listed', namedEntity(kind, id))) {
    const { record } = await records.at(index.placeOf(input));
    const added = record.events.find((event) => event.type === 'ListEntryAdded');
    if (added && projection.lists.stands(added.list, added.entryId, input))
      standing.push({ list: added.list, id: added.entryId });
    else inputs.add(input);
  }
  return { parts: await erasable(projection, records, inputs), standing };
}

/** Every part that an erasure has named. */
export async function recordedErasures(
  { index }: Projection,
  records: LogRecords,
): Promise<PersonalPartRef[]> {
  const recorded: PersonalPartRef[] = [];
  for (const input of index.oldestWith('erasures', ALL_ERASURES)) {
    const { record } = await records.at(index.placeOf(input));
    for (const event of record.events) if (event.type === 'PersonalDataErased') recorded.push(...event.parts);
  }
  return recorded;
}

/** The record that received a payment, and those that followed: a review may have a note. */
async function paymentInputs(
  projection: Projection,
  records: LogRecords,
  input: number,
): Promise<readonly number[]> {
  const { record } = await records.at(projection.index.placeOf(input));
  const received = record.events.find((event) => event.type === 'PaymentReceived');
  return received ? (projection.fold.payment(received.facts.id)?.inputs ?? []) : [];
}

/** Those with a personal part that no erasure has named yet. */
async function erasable(
  projection: Projection,
  records: LogRecords,
  inputs: ReadonlySet<number>,
): Promise<ErasedPart[]> {
  const recorded = new Set((await recordedErasures(projection, records)).map(keyOf));
  const found: ErasedPart[] = [];
  for (const input of [...inputs].toSorted((a, b) => a - b)) {
    const { record, place } = await records.at(projection.index.placeOf(input));
    if (hasPersonalPart(record) && !recorded.has(keyOf(place))) found.push(partOf(record, place));
  }
  return found;
}

function partOf({ events }: CommandRecord, { position, record }: PersonalPartRef): ErasedPart {
  const received = events.find((event) => event.type === 'PaymentReceived');
  return { position, record, ...(received ? { paymentId: received.facts.id } : {}) };
}

function hasPersonalPart({ events }: CommandRecord): boolean {
  return events.some((event) => 'personalDigest' in event && event.personalDigest !== undefined);
}

function keyOf({ position, record }: PersonalPartRef): string {
  return `${position}/${record}`;
}
