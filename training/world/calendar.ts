/**
 * Owns when people pay: hours of the day, days of the week, payday, seasons. The curves are shares
 * of activity whose mean is one; a customer's next payment is drawn by thinning a Poisson process
 * (Lewis and Shedler, 1979), so each has their own hours without any table of days.
 */
import type { Random } from './random.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Activity by hour of the local day. */
const BY_HOUR = {
  daytime: [1, 1, 1, 1, 1, 2, 5, 9, 11, 11, 11, 12, 13, 12, 10, 10, 11, 12, 12, 10, 8, 5, 3, 2],
  evening: [4, 2, 1, 1, 1, 1, 2, 4, 5, 5, 6, 7, 9, 8, 6, 6, 8, 11, 13, 15, 16, 15, 12, 8],
  night: [12, 11, 9, 7, 5, 4, 4, 4, 3, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 13],
} as const;

/** From Monday on. */
const BY_WEEKDAY = {
  daytime: [1, 1, 1, 1.05, 1.2, 1.15, 0.6],
  evening: [0.9, 0.9, 0.95, 1, 1.15, 1.2, 0.9],
  night: [0.9, 0.85, 0.9, 0.95, 1.2, 1.3, 0.9],
} as const;

export type Rhythm = keyof typeof BY_HOUR;

/** A stretch of days in which everybody buys more, or less: Black Friday, Christmas, August. */
export interface Season {
  readonly fromDay: number;
  readonly toDay: number;
  readonly factor: number;
}

interface Curve {
  readonly weights: Float64Array;
  readonly peak: number;
}

function curveOf(rhythm: Rhythm): Curve {
  const weights = new Float64Array(168);
  BY_WEEKDAY[rhythm].forEach((day, weekday) => {
    BY_HOUR[rhythm].forEach((hour, index) => (weights[weekday * 24 + index] = day * hour));
  });
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  for (let index = 0; index < weights.length; index += 1) weights[index] = (weights[index] ?? 0) / mean;
  return { weights, peak: Math.max(...weights) };
}

const CURVES: Readonly<Record<Rhythm, Curve>> = {
  daytime: curveOf('daytime'),
  evening: curveOf('evening'),
  night: curveOf('night'),
};

/** The hour of the week, Monday 0:00 being 0; 1970 began on a Thursday. */
export function hourOfWeek(time: number, utcOffsetHours: number): number {
  const hours = Math.floor(time / HOUR_MS) + utcOffsetHours + 72;
  return ((hours % 168) + 168) % 168;
}

export function localHour(time: number, utcOffsetHours: number): number {
  return hourOfWeek(time, utcOffsetHours) % 24;
}

export interface Pace {
  readonly rhythm: Rhythm;
  readonly utcOffsetHours: number;
  readonly meanGapMs: number;
  /** Day of the month, 1 to 28, after which the account is full. */
  readonly salaryDay: number;
}

/** Spending after payday, for `PAYDAY_DAYS`, against other days. */
const PAYDAY_LIFT = 1.35;
const PAYDAY_DAYS = 4;

export class Calendar {
  private readonly startsAt: number;
  private readonly seasons: readonly Season[];
  private readonly peakSeason: number;

  constructor(startsAt: number, seasons: readonly Season[]) {
    this.startsAt = startsAt;
    this.seasons = seasons;
    this.peakSeason = Math.max(1, ...seasons.map((season) => season.factor));
  }

  seasonAt(time: number): number {
    const day = (time - this.startsAt) / DAY_MS;
    for (const season of this.seasons) if (day >= season.fromDay && day < season.toDay) return season.factor;
    return 1;
  }

  /** When somebody with this pace pays next, after `now`. */
  nextAfter(now: number, pace: Pace, random: Random): number {
    const curve = CURVES[pace.rhythm];
    const peak = curve.peak * PAYDAY_LIFT * this.peakSeason;
    const meanGapMs = pace.meanGapMs / peak;
    let time = now;
    for (;;) {
      time += random.exponential(meanGapMs);
      const hour = curve.weights[hourOfWeek(time, pace.utcOffsetHours)] ?? 1;
      const activity = hour * this.paydayLift(time, pace.salaryDay) * this.seasonAt(time);
      if (random.unit() * peak < activity) return Math.floor(time);
    }
  }

  private paydayLift(time: number, salaryDay: number): number {
    const dayOfMonth = 1 + (Math.floor(time / DAY_MS) % 30);
    const since = (dayOfMonth - salaryDay + 30) % 30;
    return since < PAYDAY_DAYS ? PAYDAY_LIFT : 1;
  }
}
