/**
 * Owns who is there: everybody at the start, with households that share a home and perhaps a card or
 * a computer, and the newcomers of each day.
 */
import { makeCustomer } from './customers.ts';
import type { Customer, CustomerMaker } from './customers.ts';
import { Random } from './random.ts';

const HOUSEHOLD_STREAM = 5;
const SHARES_CARD = 0.3;
const SHARES_DEVICE = 0.25;

export class Population {
  readonly residents: Customer[] = [];
  private readonly maker: CustomerMaker;
  private readonly households: Random;
  /** Who came last in each country. */
  private readonly neighbours = new Map<string, Customer>();

  constructor(maker: CustomerMaker) {
    this.maker = maker;
    this.households = new Random(maker.seed, HOUSEHOLD_STREAM);
  }

  /** Somebody who was a customer before the world began. */
  addResident(): Customer {
    const customer = makeCustomer(this.residents.length, null, this.maker);
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

  private moveIn(customer: Customer, other: Customer): void {
    customer.home = other.home;
    customer.addressHash = other.addressHash;
    const [card] = other.cards;
    const [device] = other.devices;
    if (card !== undefined && this.households.chance(SHARES_CARD)) customer.cards.push(card);
    if (device !== undefined && this.households.chance(SHARES_DEVICE)) customer.devices.push(device);
  }
}
