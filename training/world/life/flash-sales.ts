/**
 * Owns flash sales: for an hour or two a shop sells far more than ever, to many who never bought
 * there. It looks like an attack on the shop and is none.
 */
import { DAY_MS, HOUR_MS } from '#training/world/calendar.ts';
import { Random } from '#training/world/random.ts';
import type { Stage } from '#training/world/stage.ts';
import type { Shopping } from './shopping.ts';

const STREAM = 31;
const MINUTE_MS = 60_000;

export function planFlashSales(stage: Stage, shopping: Shopping): void {
  const random = new Random(stage.seed, STREAM);
  const { people, days } = stage.parameters;
  for (let count = random.poisson((people.flashSalesOfMonth * days) / 30); count > 0; count -= 1) {
    const day = stage.startsAt + random.below(days) * DAY_MS;
    stage.at(day + random.pick([9, 11, 17, 19]) * HOUR_MS, (now) =>
      openDoors({ stage, shopping, random }, now),
    );
  }
}

interface Sale {
  readonly stage: Stage;
  readonly shopping: Shopping;
  readonly random: Random;
}

function openDoors({ stage, shopping, random }: Sale, now: number): void {
  const merchant = stage.market.drawForResale(random.pick(stage.customers).country, random);
  const buyers = random.poisson(stage.customers.length * stage.parameters.people.flashSaleDraw);
  for (let count = 0; count < buyers; count += 1) {
    const customer = random.pick(stage.customers);
    const time = Math.floor(now + random.exponential(22) * MINUTE_MS);
    stage.at(time, (moment) => shopping.buyFrom({ customer, merchant, story: 'flash_sale' }, moment));
  }
}
