/**
 * Re-reads a log from its first row and reports every byte of a row that is not as it was written. Works
 * beside a running writer, up to the head it found when it began. Memory is bounded by one page of rows, time
 * by SHA-256 over all bodies.
 *
 * What a row means is checked by the caller in the same pass (`inspectRow`): personal parts against their
 * digests, balances, ends of payments.
 */
import { createAnchorChecker } from '#src/journal/anchor-checker.ts';
import { createChainChecker, type ChainChecker, type ChainProblem } from '#src/journal/chain-checker.ts';
import type { Anchor, MalformedAnchor } from '#src/ports/anchors.ts';
import { EventLogError, type EventLogFault } from '#src/ports/event-log-error.ts';
import type { EventLogReader, LogHead, LogRow } from '#src/ports/event-log.ts';
import { EMPTY_HEAD } from '#src/ports/event-log.ts';

/** A report for people: after so many problems the log is known to be bad, and reading it on helps nobody. */
const MAX_PROBLEMS = 100;

/** What the storage says when bytes are not what they were; anything else is no finding about the log. */
const DAMAGE: ReadonlySet<EventLogFault> = new Set<EventLogFault>(['damaged', 'unknownFormat', 'io']);

export interface VerifyChainOptions {
  readonly openLog: () => Promise<EventLogReader>;
  readonly anchors?: AsyncIterable<Anchor | MalformedAnchor>;
  /** Says in words what is wrong with a row whose chain may or may not hold. */
  readonly inspectRow?: (row: LogRow) => readonly string[];
}

export interface ChainReport {
  /** Rows that could be read. */
  readonly rows: number;
  /** The last row that was verified. */
  readonly head: LogHead;
  /** By position of discovery, at most `MAX_PROBLEMS`. Empty: every byte is as it was written. */
  readonly problems: readonly ChainProblem[];
}

/** Damage is reported, never thrown. @throws EventLogError if there is no log, or it may not be read now */
export async function verifyChain(options: VerifyChainOptions): Promise<ChainReport> {
  const opened = await readingDamage(options.openLog);
  if ('damage' in opened) return { rows: 0, head: EMPTY_HEAD, problems: [unreadable(1, opened.damage)] };
  try {
    return await verifyRows(opened.value, options);
  } finally {
    await opened.value.close();
  }
}

async function verifyRows(log: EventLogReader, options: VerifyChainOptions): Promise<ChainReport> {
  const chain = createChainChecker(log.identity);
  const anchors = createAnchorChecker(options.anchors ?? noAnchors());
  const until = await headOf(log);
  const problems: ChainProblem[] = [];
  let rows = 0;

  while (chain.last.position < until && problems.length < MAX_PROBLEMS) {
    const before = chain.last.position;
    const page = await readNext(log, chain);
    problems.push(...page.problems);
    for (const row of page.rows) {
      if (row.position > until) break;
      problems.push(...chain.check(row), ...(await anchors.check(row)), ...contentProblems(row, options));
      rows += 1;
    }
    // Damaged storage can answer with rows that do not lead on; without this it would be asked for ever.
    if (chain.last.position <= before) {
      problems.push(nothingFollows(before));
      break;
    }
  }
  if (problems.length < MAX_PROBLEMS) problems.push(...(await anchors.end(chain.last, await headOf(log))));
  return { rows, head: chain.last, problems: problems.slice(0, MAX_PROBLEMS) };
}

interface NextRows {
  readonly rows: readonly LogRow[];
  readonly problems: readonly ChainProblem[];
}

/** A page of rows; where a page cannot be read, one row; where that cannot be read either, the problem. */
async function readNext(log: EventLogReader, chain: ChainChecker): Promise<NextRows> {
  const from = chain.last.position + 1;
  const page = await readingDamage(() => log.read({ from }));
  const read = 'damage' in page ? await readingDamage(() => log.read({ from, maxRows: 1 })) : page;
  if ('damage' in read) {
    chain.skip(from);
    return { rows: [], problems: [unreadable(from, read.damage)] };
  }
  return { rows: read.value, problems: [] };
}

/** The position up to which rows have to be there; without end if the log cannot say. */
async function headOf(log: EventLogReader): Promise<number> {
  const head = await readingDamage(() => log.head());
  return 'damage' in head ? Number.POSITIVE_INFINITY : head.value.position;
}

type Reading<T> = { readonly value: T } | { readonly damage: EventLogError };

async function readingDamage<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return { value: await read() };
  } catch (error) {
    if (error instanceof EventLogError && DAMAGE.has(error.fault)) return { damage: error };
    throw error;
  }
}

function contentProblems(row: LogRow, { inspectRow }: VerifyChainOptions): readonly ChainProblem[] {
  if (inspectRow === undefined) return [];
  return inspectRow(row).map((detail) => ({ position: row.position, fault: 'content', detail }));
}

function unreadable(position: number, error: EventLogError): ChainProblem {
  return { position, fault: 'unreadable', detail: error.message };
}

function nothingFollows(position: number): ChainProblem {
  return {
    position: position + 1,
    fault: 'missing',
    detail: 'the log cannot show the row that belongs here',
  };
}

async function* noAnchors(): AsyncGenerator<Anchor | MalformedAnchor> {}
