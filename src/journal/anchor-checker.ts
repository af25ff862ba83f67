/**
 * Holds kept heads against the rows of a log as they pass, oldest first, one anchor in memory at a time: finds
 * a missing tail and a history that was written anew, which the chain itself cannot show.
 */
import type { ChainProblem } from '#src/journal/chain-checker.ts';
import type { Anchor, MalformedAnchor } from '#src/ports/anchors.ts';
import type { LogHead } from '#src/ports/event-log.ts';

export interface AnchorChecker {
  /** To be called with every row that could be read, in order. */
  check(row: LogHead): Promise<readonly ChainProblem[]>;
  /**
   * What no row has met. A writer may have gone on meanwhile: anchors up to `newestPosition` were kept of rows
   * that nobody has looked at, later ones of rows that are gone.
   */
  end(last: LogHead, newestPosition: number): Promise<readonly ChainProblem[]>;
}

export function createAnchorChecker(anchors: AsyncIterable<Anchor | MalformedAnchor>): AnchorChecker {
  const iterator = anchors[Symbol.asyncIterator]();
  let pending: Anchor | null = null;

  /** The next well-formed anchor; what is wrong on the way to it goes to `problems`. */
  async function advance(problems: ChainProblem[]): Promise<void> {
    const before = pending?.position ?? 0;
    pending = null;
    while (pending === null) {
      const next = await iterator.next();
      if (next.done === true) return;
      if ('malformed' in next.value) problems.push(malformed(before, next.value));
      else if (next.value.position < before) problems.push(goesBack(next.value));
      else pending = next.value;
    }
  }

  let isStarted = false;
  async function start(problems: ChainProblem[]): Promise<void> {
    if (isStarted) return;
    isStarted = true;
    await advance(problems);
  }

  return {
    async check(row) {
      const problems: ChainProblem[] = [];
      await start(problems);
      while (pending !== null && pending.position <= row.position) {
        if (pending.position < row.position) problems.push(notMet(pending));
        else if (Buffer.compare(pending.hash, row.hash) !== 0) problems.push(rewritten(pending));
        await advance(problems);
      }
      return problems;
    },
    async end(last, newestPosition) {
      const problems: ChainProblem[] = [];
      await start(problems);
      while (pending !== null) {
        if (pending.position > newestPosition) problems.push(missingTail(pending, last));
        await advance(problems);
      }
      return problems;
    },
  };
}

function malformed(position: number, anchor: MalformedAnchor): ChainProblem {
  return { position, fault: 'anchor', detail: `not an anchor: ${anchor.malformed}` };
}

function goesBack({ position }: Anchor): ChainProblem {
  return { position, fault: 'anchor', detail: `the anchor of position ${position} stands after a newer one` };
}

function notMet({ position }: Anchor): ChainProblem {
  return {
    position,
    fault: 'anchor',
    detail: `the row that was anchored at position ${position} cannot be read`,
  };
}

function rewritten({ position, timeMs }: Anchor): ChainProblem {
  const detail = `another row stood at position ${position} on ${new Date(timeMs).toISOString()}: history was rewritten`;
  return { position, fault: 'anchor', detail };
}

function missingTail(anchor: Anchor, last: LogHead): ChainProblem {
  const detail = `the log ends at ${last.position}, but reached ${anchor.position} on ${new Date(anchor.timeMs).toISOString()}`;
  return { position: last.position + 1, fault: 'missing', detail };
}
