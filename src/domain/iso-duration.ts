/**
 * Durations of ISO 8601 with a fixed length: weeks, days, hours, minutes, seconds (`PT10M`, `P7D`,
 * `P1DT12H`). Years and months have none and are refused; so are fractions.
 */

const PATTERN =
  /^P(?=[\dT])(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/;
const UNIT_SECONDS = [7 * 86_400, 86_400, 3_600, 60, 1] as const;

/** The duration in seconds, or undefined when the text is not one. */
export function parseIsoDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (!match) return undefined;
  return UNIT_SECONDS.reduce((seconds, unit, index) => seconds + unit * Number(match[index + 1] ?? 0), 0);
}

/** The shortest text for a whole number of seconds: `PT10M`, `P1DT12H`. */
export function formatIsoDuration(durationSeconds: number): string {
  let rest = durationSeconds;
  const take = (unit: number, letter: string): string => {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    return count > 0 ? `${count}${letter}` : '';
  };
  const days = take(86_400, 'D');
  const time = take(3_600, 'H') + take(60, 'M') + take(1, 'S');
  if (time !== '') return `P${days}T${time}`;
  return days === '' ? 'PT0S' : `P${days}`;
}
