/** The entries of a list in the order in which they were added. Their values stand in the log's personal parts. */
import type { ListName } from '#src/domain/list-entry.ts';
import type { Page, PageOptions } from '#src/ports/ledger-queries.ts';
import type { ListEntryView } from '#src/ports/ledger-views.ts';
import { cursorOf, readCursor, type Reading } from './reading.ts';

const CURSOR = 'list';

export async function readListEntries(
  reading: Reading,
  list: ListName,
  { after, limit }: PageOptions,
): Promise<Page<ListEntryView>> {
  const [last = 0] = readCursor(after, CURSOR, [0]);
  const items: ListEntryView[] = [];
  for (const input of reading.projection.lists.inputsOf(list, last)) {
    const entry = await listEntryAt(reading, input);
    if (entry) items.push(entry);
    if (items.length >= limit) return { items, next: cursorOf(CURSOR, input) };
  }
  return { items };
}

/** The entry that the input added, if it still stands. */
export async function listEntryAt(
  { projection, records }: Reading,
  input: number,
): Promise<ListEntryView | undefined> {
  const { record, personal } = await records.at(projection.index.placeOf(input));
  const added = record.events.find((event) => event.type === 'ListEntryAdded');
  if (!added || !projection.lists.stands(added.list, added.entryId, input)) return undefined;
  const { entryId: id, list, kind, reason, owner, expiresAt } = added;
  return {
    id,
    list,
    kind,
    ...(personal?.entity === undefined ? {} : { value: personal.entity }),
    reason,
    owner,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}
