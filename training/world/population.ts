/**
 * Owns who is there: everybody at the start, with households that share a home and perhaps a card or
 * a computer, and the newcomers of each day.
 */
import { makeCustomer } from './customers.ts';
import { countryOf } from './countries.ts';
import type { Customer, CustomerMaker, Kiosk } from './customers.ts';
import { makeDevice } from './devices.ts';
import { Random } from './random.ts';

const HOUSEHOLD_STREAM = 5;
const SHARES_CARD = 0.3;
const SHARES_DEVICE = 0.25;
/** People who now and then pay on the same machine before another is set up. */
const PEOPLE_PER_KIOSK = 60;

export class Population {
  readonly residents: Customer[] = [];
  private readonly maker: CustomerMaker;
  private readonly households: Random;
  /** Who came last in each country. */
  private readonly neighbours = new Map<string, Customer>();
  /** The newest kiosk of each country, and how many may still come to it. */
  private readonly kiosks = new Map<string, { kiosk: Kiosk; places: number }>();
  private sites = 0;

  constructor(maker: CustomerMaker) {
    this.maker = maker;
    this.households = new Random(maker.seed, HOUSEHOLD_STREAM);
  }

  /** Somebody who was a customer before the world began. */
  addResident(): Customer {
    const person = makeCustomer(this.residents.length, null, this.maker);
    const visits = this.households.chance(this.maker.people.kioskShare);
    const customer = { ...person, kiosk: visits ? this.kioskIn(person.country) : null };
    const neighbour = this.neighbours.get(customer.country);
    if (neighbour !== undefined && this.households.chance(this.maker.people.householdShare))
      this.moveIn(customer, neighbour);
    this.neighbours.set(customer.country, customer);
    this.residents.push(customer);
    return customer;
  }

  /** Somebody who joins now; whether they are honest is for the caller to say, who also draws `key`. */
  makeNewcomer(now: number, key: number): Customer {
    return makeCustomer(key, now, this.maker);
  }

  private kioskIn(country: string): Kiosk {
    const { mint, deviceMix: mix } = this.maker;
    const known = this.kiosks.get(country);
    if (known !== undefined && known.places > 0) {
      known.places -= 1;
      return known.kiosk;
    }
    const device = makeDevice(countryOf(country), { mint, random: this.households, mix });
    const kiosk = { device, site: (this.sites += 1) };
    this.kiosks.set(country, { kiosk, places: PEOPLE_PER_KIOSK - 1 });
    return kiosk;
  }

  private moveIn(customer: Customer, other: Customer): void {
    customer.home = other.home;
    customer.addressHash = other.addressHash;
    const [card] = other.cards;
    const [device] = other.devices;
    if (card !== undefined && this.households.chance(SHARES_CARD)) customer.cards.push(card);
    if (device !== undefined && this.households.chance(SHARES_DEVICE)) customer.devices.push(device);
  }
}
