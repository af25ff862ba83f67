/**
 * Reads and writes instants: RFC 3339 with a zone on the outside, milliseconds since 1970 (UTC) inside.
 *
 * Written by hand because `Date` costs half a microsecond to format and accepts forms that RFC 3339
 * does not (no zone, year alone, 24:00). Digits below the millisecond are dropped, not rounded. A leap
 * second (`:60`) is read as the first instant after it, as POSIX time does.
 */

const MS_PER_DAY = 86_400_000;
/** The Gregorian calendar repeats after 400 years. */
const DAYS_PER_ERA = 146_097;
/** From 0000-03-01, where the first era begins, to 1970-01-01. */
const DAYS_TO_1970 = 719_468;

/** Milliseconds since 1970, or undefined when the text is not an RFC 3339 date-time with a zone. */
export function parseInstant(text: string): number | undefined {
  if (!hasFixedPunctuation(text)) return undefined;
  const dayStart = parseDay(readDigits(text, 0, 4), readDigits(text, 5, 2), readDigits(text, 8, 2));
  const timeOfDay = parseTimeOfDay(readDigits(text, 11, 2), readDigits(text, 14, 2), readDigits(text, 17, 2));
  const fractionEnd = text.charCodeAt(19) === DOT ? endOfDigits(text, 20) : 19;
  const zone = parseZone(text, fractionEnd);
  const fraction = fractionEnd === 19 ? 0 : parseFraction(text, fractionEnd);
  const instant = dayStart + timeOfDay + fraction - zone;
  return Number.isNaN(instant) ? undefined : instant;
}

const DASH = 45;
const DOT = 46;
const COLON = 58;

/** Whether the separators of `YYYY-MM-DDThh:mm:ss` stand where they must. */
function hasFixedPunctuation(text: string): boolean {
  const divider = text.charCodeAt(10) | 32;
  return (
    text.charCodeAt(4) === DASH &&
    text.charCodeAt(7) === DASH &&
    divider === 116 &&
    text.charCodeAt(13) === COLON &&
    text.charCodeAt(16) === COLON
  );
}

/** The number that `count` digits from `start` write, or NaN when one of them is not a digit. */
function readDigits(text: string, start: number, count: number): number {
  let value = 0;
  for (let index = start; index < start + count; index += 1) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

function endOfDigits(text: string, start: number): number {
  let end = start;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
  return end;
}

/** Milliseconds of 1 to 9 digits after the point; NaN for none or more. */
function parseFraction(text: string, end: number): number {
  const count = end - 20;
  if (count < 1 || count > 9) return Number.NaN;
  const kept = Math.min(count, 3);
  return readDigits(text, 20, kept) * (kept === 3 ? 1 : kept === 2 ? 10 : 100);
}

/** Milliseconds since 1970 of an instant that was read before; another text is a defect. */
export function instantMs(canonical: string): number {
  const instant = parseInstant(canonical);
  if (instant === undefined) throw new Error('an instant that was read cannot be read again');
  return instant;
}

/** `2026-11-24T10:15:30.250Z`, always with three digits and `Z`. For years 0 to 9999. */
export function formatInstant(instant: number): string {
  const day = Math.floor(instant / MS_PER_DAY);
  const ofDay = instant - day * MS_PER_DAY;
  const hours = TWO_DIGITS[Math.floor(ofDay / 3_600_000)];
  const minutes = TWO_DIGITS[Math.floor(ofDay / 60_000) % 60];
  const seconds = TWO_DIGITS[Math.floor(ofDay / 1000) % 60];
  return `${formatDay(day)}T${hours}:${minutes}:${seconds}.${THREE_DIGITS[ofDay % 1000]}Z`;
}

const TWO_DIGITS = Array.from({ length: 100 }, (_, value) => String(value).padStart(2, '0'));
const THREE_DIGITS = Array.from({ length: 1000 }, (_, value) => String(value).padStart(3, '0'));

/** The civil date of a count of days since 1970; the inverse of `parseDay`, in the same calendar of 400 years. */
function formatDay(days: number): string {
  const shifted = days + DAYS_TO_1970;
  const era = Math.floor(shifted / DAYS_PER_ERA);
  const dayOfEra = shifted - era * DAYS_PER_ERA;
  const leaps = Math.floor(dayOfEra / 1460) - Math.floor(dayOfEra / 36_524) + Math.floor(dayOfEra / 146_096);
  const yearOfEra = Math.floor((dayOfEra - leaps) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${TWO_DIGITS[Math.floor(year / 100)]}${TWO_DIGITS[year % 100]}-${TWO_DIGITS[month]}-${TWO_DIGITS[day]}`;
}

/** Milliseconds of midnight UTC, or NaN for a day that the calendar does not have. */
function parseDay(year: number, month: number, day: number): number {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  // Days from the civil calendar: the year begins in March, so that the leap day is its last.
  const shifted = month > 2 ? year : year - 1;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return (era * DAYS_PER_ERA + dayOfEra - DAYS_TO_1970) * MS_PER_DAY;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function parseTimeOfDay(hours: number, minutes: number, seconds: number): number {
  if (!(hours <= 23 && minutes <= 59 && seconds <= 60)) return Number.NaN;
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}

/** The zone's distance from UTC in milliseconds, or NaN; RFC 3339 allows hours to 23 and minutes to 59. */
function parseZone(text: string, start: number): number {
  const sign = text.charAt(start);
  if ((sign === 'Z' || sign === 'z') && text.length === start + 1) return 0;
  const hours = readDigits(text, start + 1, 2);
  const minutes = readDigits(text, start + 4, 2);
  const wellFormed =
    (sign === '+' || sign === '-') && text.charCodeAt(start + 3) === COLON && text.length === start + 6;
  if (!wellFormed || !(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (sign === '-' ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
