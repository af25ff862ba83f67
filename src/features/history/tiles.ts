/**
 * What a saturated history counts by, beside its newest rows: for each window W, tiles of W/60.
 *
 * A window takes every tile that it touches, so it counts up to a sixtieth too much and never too
 * little. A tile more than `ATTEMPT_TILES` behind the newest attempt is gone; attempts that late no
 * longer count in that window.
 *
 * Outcome tiles end a minute before the payment or earlier: a tile counts once all of it has.
 */
import { WINDOWS } from '#src/features/feature-window.ts';
import type { Histories } from './histories.ts';
import { emptyPlace } from './histories.ts';
import { emptyRow, ROW_KIND } from './history-row.ts';
import type { HistoryRow } from './history-row.ts';
import {
  HEADER,
  HEADER_WORD,
  OUTCOME_DELAY_MS,
  RETENTION_MS,
  ROW,
  ROW_AMOUNT,
  ROW_FLAG,
  ROW_TIME,
  ROW_WORD,
  ROW_WORDS,
} from './layout.ts';
import { highSquare, lowSquare, SQUARES_UNIT, TALLY } from './tally.ts';

const TILES_IN_WINDOW = 60;
export const ATTEMPT_TILES = 96;
const OUTCOME_TILES = 64;
/** Doubles of an attempt tile: its number, then the first seven of a tally. */
const ATTEMPT_TILE = 8;
/** Doubles of an outcome tile: its number, then the sums of `OUTCOME_TALLY`. */
const OUTCOME_TILE = 8;
const OUTCOMES_AT = WINDOWS.length * ATTEMPT_TILES * ATTEMPT_TILE;
/** 64 KiB: 36,864 bytes of attempts, 24,576 of outcomes. */
export const TILES_ORDER = 9;
export const TILES_DOUBLES: number = OUTCOMES_AT + WINDOWS.length * OUTCOME_TILES * OUTCOME_TILE;

/** What is known of the outcomes in one window. */
export const OUTCOME_TALLY = {
  denials: 0,
  issuerDeclines: 1,
  reversals: 2,
  fraudLabels: 3,
  postedSum: 4,
  reversedSum: 5,
} as const;
export const OUTCOME_TALLY_DOUBLES = 6;

const place = emptyPlace();
const row = emptyRow();

function tileMs(window: number): number {
  return (WINDOWS[window]?.milliseconds ?? 0) / TILES_IN_WINDOW;
}

/** Makes the tiles of a history that has just become saturated, from the rows that it has. */
export function createTiles(histories: Histories, history: number): void {
  histories.extend(history, HEADER_WORD.tiles, TILES_ORDER);
  for (const list of [HEADER_WORD.attempts, HEADER_WORD.outcomes] as const) {
    const count = histories.word(history, list + 1);
    if (count > 0) readRow(histories, history, { list, index: count - 1 });
    const oldest = row.time - RETENTION_MS;
    for (let index = 0; index < count; index++) {
      readRow(histories, history, { list, index });
      if (row.time <= oldest) continue;
      if (list === HEADER_WORD.attempts) addAttemptToTiles(histories, history, row);
      else addOutcomeToTiles(histories, history, row);
    }
  }
}

function readRow(
  histories: Histories,
  history: number,
  { list, index }: { list: typeof HEADER_WORD.attempts | typeof HEADER_WORD.outcomes; index: number },
): void {
  const { doubles, words, at } = histories.locate(histories.word(history, list), place);
  row.time = doubles[at + index * ROW + ROW_TIME] ?? 0;
  row.amount = doubles[at + index * ROW + ROW_AMOUNT] ?? 0;
  row.flags = words[2 * at + index * ROW_WORDS + ROW_WORD.flags] ?? 0;
  row.idLow = words[2 * at + index * ROW_WORDS + ROW_WORD.idLow] ?? 0;
  row.idHigh = words[2 * at + index * ROW_WORDS + ROW_WORD.idHigh] ?? 0;
}

export function addAttemptToTiles(histories: Histories, history: number, attempt: HistoryRow): void {
  const newest = histories.double(history, HEADER.newestFeatureTime);
  const { doubles, at } = histories.locate(histories.word(history, HEADER_WORD.tiles), place);
  for (let window = 0; window < WINDOWS.length; window++) {
    const number = Math.floor(attempt.time / tileMs(window));
    if (number <= Math.floor(newest / tileMs(window)) - ATTEMPT_TILES) continue;
    const tile = at + (window * ATTEMPT_TILES + (number % ATTEMPT_TILES)) * ATTEMPT_TILE;
    if (doubles[tile] !== number) {
      doubles.fill(0, tile, tile + ATTEMPT_TILE);
      doubles[tile] = number;
    }
    addToTally(doubles, tile + 1, attempt);
  }
}

function addToTally(tallies: Float64Array, at: number, { amount, flags }: HistoryRow): void {
  tallies[at + TALLY.count] = (tallies[at + TALLY.count] ?? 0) + 1;
  if ((flags & ROW_FLAG.firstSeenCard) !== 0) {
    tallies[at + TALLY.firstSeenCards] = (tallies[at + TALLY.firstSeenCards] ?? 0) + 1;
  }
  if (amount < 0) return;
  tallies[at + TALLY.rated] = (tallies[at + TALLY.rated] ?? 0) + 1;
  tallies[at + TALLY.sum] = (tallies[at + TALLY.sum] ?? 0) + amount;
  const low = (tallies[at + TALLY.squaresLow] ?? 0) + lowSquare(amount);
  const carried = Math.floor(low / SQUARES_UNIT);
  tallies[at + TALLY.squaresHigh] = (tallies[at + TALLY.squaresHigh] ?? 0) + highSquare(amount) + carried;
  tallies[at + TALLY.squaresLow] = low - carried * SQUARES_UNIT;
  if (amount > (tallies[at + TALLY.max] ?? 0)) tallies[at + TALLY.max] = amount;
}

/** Where tiles are read from and their sum is written to. */
export interface TileSum {
  readonly window: number;
  readonly tallies: Float64Array;
  readonly at: number;
}

/** Writes the first seven numbers of a window's tally as of `now`. */
export function sumAttemptTiles(
  histories: Histories,
  history: number,
  { now, sum }: { now: number; sum: TileSum },
): void {
  const { window, tallies, at: out } = sum;
  const milliseconds = tileMs(window);
  const oldest =
    Math.floor(histories.double(history, HEADER.newestFeatureTime) / milliseconds) - ATTEMPT_TILES + 1;
  const from = Math.max(oldest, Math.floor((now - TILES_IN_WINDOW * milliseconds) / milliseconds));
  const to = Math.floor(now / milliseconds);
  const { doubles, at } = histories.locate(histories.word(history, HEADER_WORD.tiles), place);
  tallies.fill(0, out, out + TALLY.distinct);
  let max = 0;
  for (let number = from; number <= to; number++) {
    const tile = at + (window * ATTEMPT_TILES + (number % ATTEMPT_TILES)) * ATTEMPT_TILE;
    if (doubles[tile] !== number) continue;
    for (let part = 0; part < TALLY.distinct; part++) {
      tallies[out + part] = (tallies[out + part] ?? 0) + (doubles[tile + 1 + part] ?? 0);
    }
    max = Math.max(max, doubles[tile + 1 + TALLY.max] ?? 0);
  }
  tallies[out + TALLY.max] = max;
  const low = tallies[out + TALLY.squaresLow] ?? 0;
  const carried = Math.floor(low / SQUARES_UNIT);
  tallies[out + TALLY.squaresHigh] = (tallies[out + TALLY.squaresHigh] ?? 0) + carried;
  tallies[out + TALLY.squaresLow] = low - carried * SQUARES_UNIT;
}

/** A label that is taken back is subtracted in the tile of that moment; one on the entity itself stays counted. */
export function addOutcomeToTiles(histories: Histories, history: number, outcome: HistoryRow): void {
  const isOfEntity = outcome.idLow === 0 && outcome.idHigh === 0;
  if (isOfEntity && (outcome.flags & ROW_FLAG.kindMask) === ROW_KIND.cleared) return;
  const { doubles, at } = histories.locate(histories.word(history, HEADER_WORD.tiles), place);
  for (let window = 0; window < WINDOWS.length; window++) {
    const number = Math.floor(outcome.time / tileMs(window));
    const tile = at + OUTCOMES_AT + (window * OUTCOME_TILES + (number % OUTCOME_TILES)) * OUTCOME_TILE;
    if (doubles[tile] !== number) {
      doubles.fill(0, tile, tile + OUTCOME_TILE);
      doubles[tile] = number;
    }
    addToOutcomeTally(doubles, tile + 1, outcome);
  }
}

export function addToOutcomeTally(
  tallies: Float64Array,
  at: number,
  { amount, flags }: Pick<HistoryRow, 'amount' | 'flags'>,
): void {
  const rated = Math.max(amount, 0);
  switch (flags & ROW_FLAG.kindMask) {
    case ROW_KIND.posted:
      tallies[at + OUTCOME_TALLY.postedSum] = (tallies[at + OUTCOME_TALLY.postedSum] ?? 0) + rated;
      break;
    case ROW_KIND.denied:
    case ROW_KIND.rejected:
      tallies[at + OUTCOME_TALLY.denials] = (tallies[at + OUTCOME_TALLY.denials] ?? 0) + 1;
      break;
    case ROW_KIND.issuerDeclined:
      tallies[at + OUTCOME_TALLY.issuerDeclines] = (tallies[at + OUTCOME_TALLY.issuerDeclines] ?? 0) + 1;
      break;
    case ROW_KIND.reversed:
      tallies[at + OUTCOME_TALLY.reversals] = (tallies[at + OUTCOME_TALLY.reversals] ?? 0) + 1;
      tallies[at + OUTCOME_TALLY.reversedSum] = (tallies[at + OUTCOME_TALLY.reversedSum] ?? 0) + rated;
      break;
    case ROW_KIND.fraud:
      tallies[at + OUTCOME_TALLY.fraudLabels] = (tallies[at + OUTCOME_TALLY.fraudLabels] ?? 0) + 1;
      break;
    case ROW_KIND.cleared:
      tallies[at + OUTCOME_TALLY.fraudLabels] = (tallies[at + OUTCOME_TALLY.fraudLabels] ?? 0) - 1;
      break;
  }
}

/** Writes a window's outcome tally as of the shard time `now`. */
export function sumOutcomeTiles(
  histories: Histories,
  history: number,
  { now, sum }: { now: number; sum: TileSum },
): void {
  const { window, tallies, at: out } = sum;
  const milliseconds = tileMs(window);
  const from = Math.floor((now - TILES_IN_WINDOW * milliseconds) / milliseconds);
  const to = Math.floor((now - OUTCOME_DELAY_MS) / milliseconds) - 1;
  const { doubles, at } = histories.locate(histories.word(history, HEADER_WORD.tiles), place);
  tallies.fill(0, out, out + OUTCOME_TALLY_DOUBLES);
  for (let number = from; number <= to; number++) {
    const tile = at + OUTCOMES_AT + (window * OUTCOME_TILES + (number % OUTCOME_TILES)) * OUTCOME_TILE;
    if (doubles[tile] !== number) continue;
    for (let part = 0; part < OUTCOME_TALLY_DOUBLES; part++) {
      tallies[out + part] = (tallies[out + part] ?? 0) + (doubles[tile + 1 + part] ?? 0);
    }
  }
  // More labels may have been taken back in the window than were given in it.
  tallies[out + OUTCOME_TALLY.fraudLabels] = Math.max(0, tallies[out + OUTCOME_TALLY.fraudLabels] ?? 0);
}
