/** The sliding windows of the features: `(t - length, t]`, six, nested. */

export interface FeatureWindow {
  readonly name: string;
  readonly milliseconds: number;
  readonly words: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const WINDOWS = [
  { name: '1m', milliseconds: MINUTE_MS, words: 'one minute' },
  { name: '10m', milliseconds: 10 * MINUTE_MS, words: 'ten minutes' },
  { name: '1h', milliseconds: HOUR_MS, words: 'an hour' },
  { name: '24h', milliseconds: DAY_MS, words: '24 hours' },
  { name: '7d', milliseconds: 7 * DAY_MS, words: 'seven days' },
  { name: '30d', milliseconds: 30 * DAY_MS, words: '30 days' },
] as const satisfies readonly FeatureWindow[];

export type WindowName = (typeof WINDOWS)[number]['name'];

export function windowIndex(name: WindowName): number {
  return WINDOWS.findIndex((window) => window.name === name);
}
