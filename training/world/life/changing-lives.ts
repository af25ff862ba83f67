/**
 * Owns what changes in a life between two payments: a phone is replaced, a browser cleared, a card
 * expires, people move and travel. To a fraud system each of these looks like somebody else.
 */
import { DAY_MS } from '#training/world/calendar.ts';
import { makeCard } from '#training/world/cards.ts';
import { countryOf } from '#training/world/countries.ts';
import { homeLine } from '#training/world/customers.ts';
import type { Customer } from '#training/world/customers.ts';
import { makeDevice, wipe } from '#training/world/devices.ts';
import { homeAddress } from '#training/world/networks.ts';
import type { Stage } from '#training/world/stage.ts';

/** Changes are looked back for at most so long, so that a rare customer is not turned inside out. */
const LONGEST_LOOK_DAYS = 60;
const MEAN_TRIP_DAYS = 7;

export class ChangingLives {
  private readonly stage: Stage;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  /** Lets happen what has happened since the last payment; says whether a card was added. */
  catchUp(customer: Customer, now: number): boolean {
    const { random } = customer;
    const { people } = this.stage.parameters;
    const since = customer.lastPaidAt || now - customer.pace.meanGapMs;
    const days = Math.min(LONGEST_LOOK_DAYS, (now - since) / DAY_MS);
    if (random.chance(days / people.newDeviceEveryDays)) this.buyDevice(customer, now);
    if (random.chance(days / people.storageClearedEveryDays)) this.clearStorage(customer);
    if (random.chance(days / people.movesEveryDays)) this.moveHouse(customer);
    if (customer.awayUntil < now && random.chance((days * people.travelShare) / MEAN_TRIP_DAYS))
      this.travel(customer, now);
    return this.renewCards(customer, days);
  }

  private buyDevice(customer: Customer, now: number): void {
    const { mint, parameters } = this.stage;
    const device = makeDevice(countryOf(customer.country), {
      mint,
      random: customer.random,
      mix: parameters.devices,
    });
    customer.devices[customer.random.below(customer.devices.length)] = device;
    const sighting = { account: customer.account, device, ip: homeAddress(customer.home, now) };
    this.stage.signal({ type: 'device_enrolled', ...sighting }, now);
    if (customer.random.chance(0.15)) this.stage.signal({ type: 'password_changed', ...sighting }, now);
  }

  private clearStorage(customer: Customer): void {
    const index = customer.random.below(customer.devices.length);
    const device = customer.devices[index];
    if (device !== undefined && device.assurance !== 'hardware')
      customer.devices[index] = wipe(device, this.stage.mint);
  }

  private moveHouse(customer: Customer): void {
    customer.home = homeLine(customer.country, customer.random);
    customer.addressHash = this.stage.mint.next('a_');
  }

  private travel(customer: Customer, now: number): void {
    const countries = this.stage.parameters.people.countries.filter(([code]) => code !== customer.country);
    if (countries.length === 0) return;
    const [code] = customer.random.pick(countries);
    customer.awayIn = code;
    customer.awayUntil = now + customer.random.exponential(MEAN_TRIP_DAYS) * DAY_MS;
  }

  /** Blocked cards are replaced, others expire. */
  private renewCards(customer: Customer, days: number): boolean {
    const { random } = customer;
    const expires = random.chance(
      (days * customer.cards.length) / this.stage.parameters.people.newCardEveryDays,
    );
    const blocked = customer.cards.findIndex((card) => card.state !== 'live');
    if (!expires && blocked < 0) return false;
    const index = blocked >= 0 ? blocked : random.below(customer.cards.length);
    const country = customer.cards[index]?.country ?? customer.country;
    customer.cards[index] = makeCard(country, { mint: this.stage.mint, random });
    return true;
  }
}
