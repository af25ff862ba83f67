/**
 * A log that does not reach the head that was last kept of it has lost rows that were acknowledged, or is
 * another log. Nothing may be written behind such a hole: it would make the loss look like history.
 */
import type { Anchor, AnchorStore } from '#src/ports/anchors.ts';
import { EventLogError } from '#src/ports/event-log-error.ts';
import type { EventLog, OpenEventLog } from '#src/ports/event-log.ts';

/**
 * Opens as `open` does, and then holds the log against the newest anchor.
 * @throws EventLogError `damaged` if it is not that log
 */
export function openAnchoredLog(open: OpenEventLog, anchors: Pick<AnchorStore, 'newest'>): OpenEventLog {
  return async function openAndCheck(identityIfNew) {
    const log = await open(identityIfNew);
    const problem = anchors.newest === null ? null : await problemWith(log, anchors.newest);
    if (problem === null) return log;
    await log.close();
    throw new EventLogError('damaged', problem);
  };
}

async function problemWith(log: EventLog, { position, hash, timeMs }: Anchor): Promise<string | null> {
  const head = await log.head();
  const when = new Date(timeMs).toISOString();
  if (head.position < position)
    return `the log ends at row ${head.position}, but reached ${position} on ${when}`;
  const [row] = await log.read({ from: position, maxRows: 1, withPersonal: false });
  const isSame = row !== undefined && Buffer.compare(row.hash, hash) === 0;
  return isSame ? null : `row ${position} is not the one that stood there on ${when}`;
}
