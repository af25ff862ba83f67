/** The body of a day's exchange rates: units of each asset for one unit of the base. */
import { z } from 'zod';
import { calendarDate, fields } from './fields.ts';

/** No table has more assets than this. */
const RATES_MAX = 500;

const rate = z.number().positive('must be greater than 0').max(1e15, 'must be at most 1e15');

export function ratesSchema(asset: z.ZodString) {
  return fields({
    date: calendarDate,
    base: asset,
    rates: z.record(asset, rate).refine((rates) => Object.keys(rates).length <= RATES_MAX, {
      error: `must have at most ${RATES_MAX} rates`,
    }),
  });
}
