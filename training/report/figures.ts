/** Figures as a reader wants them; a dash where there is nothing to say. */
import type { Interval } from '#training/evaluation/intervals.ts';

const NOTHING = '–';

export function percent(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NOTHING;
  return `${(value * 100).toFixed(Math.abs(value) < 0.01 ? 2 : 1)} %`;
}

export function figure(value: number | null, digits = 2): string {
  return value !== null && Number.isFinite(value) ? value.toFixed(digits) : NOTHING;
}

export function between({ value, low, high }: Interval): string {
  return `${figure(value)} (${figure(low)} to ${figure(high)})`;
}

export function percentBetween({ value, low, high }: Interval): string {
  return `${percent(value)} (${percent(low)} to ${percent(high)})`;
}

/** `card_testing` as words. */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

export function euros(minor: number | null): string {
  return minor === null ? NOTHING : String(Math.round(minor / 100));
}

const HOUR = 60;
const DAY = 24 * HOUR;

/** A time that may be minutes or weeks. */
export function duration(minutes: number | null): string {
  if (minutes === null) return 'never';
  if (minutes < 2 * HOUR) return `${Math.round(minutes)} min`;
  return minutes < 2 * DAY ? `${Math.round(minutes / HOUR)} h` : `${Math.round(minutes / DAY)} days`;
}
