/**
 * Where the facts of one entity's history stand in its blocks. Numbers count doubles (8 bytes) unless
 * they say words (32 bits).
 *
 * A history is a header, two lists of rows (attempts, sorted by feature time; outcomes, in the order
 * of shard time), for trusted kinds a lifetime extension, and tiles once it is saturated.
 */
import { DAY_MS } from '#src/features/feature-window.ts';

/** Words of the header. */
export const HEADER_WORD = {
  keyLow: 0,
  keyHigh: 1,
  attempts: 2,
  attemptCount: 3,
  outcomes: 4,
  outcomeCount: 5,
  /** Outcomes older than a day, which the lifetime header has taken in: the first so many rows. */
  agedCount: 6,
  /** Steps of the room for attempts and outcomes (`row-room.ts`), order of the extension: a byte each. */
  orders: 7,
  extension: 8,
  tiles: 9,
  flags: 10,
  /** Pieces in the store: the oldest that is still needed, and the one to be written next. */
  firstPiece: 11,
  nextPiece: 12,
  firstIdLow: 13,
  firstIdHigh: 14,
  fraudLabels: 15,
  kind: 16,
  /** Of the labels of fraud: those on the entity itself, not on a payment. */
  labelsOnEntity: 17,
} as const;

/** Doubles of the header. */
export const HEADER = {
  /** Log position of the first change that is not in the store; 0: none. */
  changedSince: 9,
  /** Log position that the stored image includes. */
  storedPosition: 10,
  attemptsEver: 11,
  firstAttemptAt: 12,
  newestFeatureTime: 13,
  lastFraudAt: 14,
  /** Feature time of the newest attempt that is no longer among the rows; 0: none. */
  lastDroppedAt: 15,
} as const;

export const HEADER_ORDER = 0;

export const FLAG = {
  saturated: 1,
  /** On its way to the store. */
  writing: 2,
  /** Used since the last round of forgetting. */
  used: 4,
} as const;

/** A row has six doubles. */
export const ROW = 6;
export const ROW_BYTES: number = ROW * 8;
export const ROW_TIME = 0;
/** Minor units of the reference currency; below 0: there was no rate. A label, and what takes it back, keeps its payment's feature time here. */
export const ROW_AMOUNT = 1;
/** Words of a row. */
export const ROW_WORDS = 2 * ROW;
export const ROW_WORD = { attributes: 4, flags: 8, traits: 9, idLow: 10, idHigh: 11 } as const;
export const ATTRIBUTES = 4;

export const ROW_FLAG = {
  kindMask: 0xf,
  /** A later row has the same value of attribute 0 (1, 2), or it has none: it is not counted as different. */
  hidden: 0x10,
  firstSeenCard: 0x80,
  /** Not in the store yet. */
  unsaved: 0x100,
  /** The payment of the label, or of the one that is taken back, had been posted. */
  onPosted: 0x200,
  /** In the store, in the part that is written again with each change. */
  inHead: 0x400,
} as const;
/** Of a posting, behind the flags: hour of the week (0 to 167, UTC, from Sunday) and week of its payment's feature time. */
export const HOUR_SHIFT = 11;
export const HOUR_MASK = 0xff;
export const WEEK_SHIFT = 19;
/** The attributes whose different values are counted. */
export const COUNTED_ATTRIBUTES = 3;

/** Amounts count up to here (85.9 million of a currency with cents), so that every sum is exact. */
export const AMOUNT_MAX: number = 2 ** 33 - 1;
/** More rows than this within the retention, and the history is saturated: older ones count by tiles. */
export const ROWS_MAX = 1024;
/** The longest window, and the lateness that is allowed before it. */
export const RETENTION_MS: number = 31 * DAY_MS;
/** Outcomes build trust after this. */
export const TRUST_DELAY_MS: number = DAY_MS;
/** Outcomes count after this; a batch spans less. */
export const OUTCOME_DELAY_MS = 60_000;

/** Doubles of the lifetime extension. */
export const LIFETIME = {
  firstPostedAt: 1,
  lastPostedAt: 2,
  signals: 9,
  pairs: 16,
} as const;
/** Words of it. */
export const LIFETIME_WORD = { posted: 0, withdrawn: 1, newestWeek: 6, olderPosted: 7, weeks: 8 } as const;
export const WEEKS = 10;
export const HOUR_MS = 3_600_000;
export const WEEK_HOURS = 168;
/** Weeks begin on Sundays, 00:00 UTC; 1970 began on a Thursday. */
const FIRST_SUNDAY_MS = 3 * DAY_MS;
/** Acquaintances kept for each attribute: token (a word), first and last time. */
export const PAIR_ENTRIES = 4;
export const PAIR_DOUBLES = 3;

/** 13 bits of it are stored: until the year 2126. */
export function weekOf(time: number): number {
  return Math.floor((time - FIRST_SUNDAY_MS) / (WEEK_HOURS * HOUR_MS));
}

export function hourOfWeek(time: number): number {
  return Math.floor((time - FIRST_SUNDAY_MS) / HOUR_MS) % WEEK_HOURS;
}
