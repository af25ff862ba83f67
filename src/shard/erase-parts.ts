/** Takes personal parts out of the log (P1), once an event that names them is durable. */
import { decodePersonalParts, encodePersonalParts } from '#src/domain/encoding/row-codec.ts';
import type { CommandRecord, PersonalPartRef } from '#src/domain/events.ts';
import { MAX_ERASED_ROWS, type EventLog } from '#src/ports/event-log.ts';

export interface ErasedParts {
  /** Personal parts that are gone now and were there before. */
  readonly parts: number;
  /** False: a copy still stands in a journal file because a reader was using it. */
  readonly scrubbed: boolean;
}

/** Parts that are gone already are passed over, so doing it again does no harm. */
export async function eraseParts(log: EventLog, parts: readonly PersonalPartRef[]): Promise<ErasedParts> {
  const byPosition = Map.groupBy(parts, ({ position }) => position);
  const positions = [...byPosition.keys()];
  let erased = 0;
  let scrubbed = true;
  // At least once, because an erasure before may have left a copy in the journal.
  for (let start = 0; start < positions.length || start === 0; start += MAX_ERASED_ROWS) {
    const page = positions.slice(start, start + MAX_ERASED_ROWS);
    const outcome = await log.erasePersonal(page, (position, personal) => {
      const kept = new Map(decodePersonalParts(personal));
      for (const { record } of byPosition.get(position) ?? []) if (kept.delete(record)) erased++;
      return encodePersonalParts(kept);
    });
    scrubbed = outcome.scrubbed;
  }
  return { parts: erased, scrubbed };
}

/** What the records of a row say is to go. */
export function partsErasedBy(records: readonly CommandRecord[]): readonly PersonalPartRef[] {
  return records.flatMap(({ events }) =>
    events.flatMap((event) => (event.type === 'PersonalDataErased' ? event.parts : [])),
  );
}

/** A reader of the journal is done within milliseconds. */
const SCRUBS_MAX = 5;

/**
 * Erases, and tries a few times to get the old bytes out of the journal as well. What a reader still keeps
 * there is in no answer any more, and goes with the next erasure.
 */
export async function eraseNow(log: EventLog, parts: readonly PersonalPartRef[]): Promise<void> {
  if (parts.length === 0) return;
  let { scrubbed } = await eraseParts(log, parts);
  for (let scrub = 1; !scrubbed && scrub < SCRUBS_MAX; scrub++) ({ scrubbed } = await eraseParts(log, []));
}
