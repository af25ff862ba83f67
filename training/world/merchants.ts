/**
 * Owns the merchants: who sells what in which country, how well known each is, and who is chosen.
 * Fame falls with rank as Zipf's law has it, so a few names take most payments and most see few.
 */
import { CATEGORIES } from './merchant-categories.ts';
import type { Category } from './merchant-categories.ts';
import type { Mint } from './mint.ts';
import { priceNear } from './price.ts';
import type { Random } from './random.ts';

export interface Merchant {
  readonly id: string;
  readonly account: string;
  readonly country: string;
  readonly category: Category;
  /** This shop's prices against its category's. */
  readonly priceLevel: number;
  /** Asks the bank to authenticate the customer in this share of online payments. */
  readonly authenticates: number;
  /** Known in all countries. */
  readonly international: boolean;
  fame: number;
}

export interface MerchantParameters {
  readonly count: number;
  readonly internationalShare: number;
  readonly zipfExponent: number;
  /** Only this category, by its code; null for all. */
  readonly onlyCategory: string | null;
  /** Share of shops that hardly ever ask for authentication. */
  readonly laxShare: number;
  /** Of all shops, those that open on a day rather than having been there before. */
  readonly openingShareOfDay: number;
}

export interface MerchantMaker {
  readonly mint: Mint;
  readonly random: Random;
}

export interface MerchantOptions {
  readonly country: string;
  readonly category: Category;
  readonly fame: number;
  readonly international: boolean;
  readonly laxShare: number;
}

export function makeMerchant(options: MerchantOptions, maker: MerchantMaker): Merchant {
  const { random, mint } = maker;
  const id = mint.next('m_');
  return {
    id,
    account: `merchant:${id.slice(2)}`,
    country: options.country,
    category: options.category,
    priceLevel: random.logNormal(1, 0.25),
    authenticates: random.chance(options.laxShare) ? 0.08 : random.between(0.4, 0.8),
    international: options.international,
    fame: options.fame,
  };
}

export function priceAt(merchant: Merchant, wealth: number, random: Random): number {
  const { median, sigma } = merchant.category;
  return priceNear(random.logNormal(median * merchant.priceLevel * wealth, sigma), random);
}

/** Merchants of one list, drawn by fame times the share of their category. */
class Shelf {
  private readonly cumulated: Float64Array;
  private readonly merchants: readonly Merchant[];

  constructor(merchants: readonly Merchant[], weightOf: (merchant: Merchant) => number) {
    this.merchants = merchants;
    this.cumulated = new Float64Array(merchants.length);
    let sum = 0;
    merchants.forEach((merchant, index) => {
      sum += weightOf(merchant);
      this.cumulated[index] = sum;
    });
  }

  get total(): number {
    return this.cumulated[this.cumulated.length - 1] ?? 0;
  }

  draw(random: Random): Merchant | undefined {
    const wanted = random.unit() * this.total;
    let low = 0;
    let high = this.cumulated.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.cumulated[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return this.merchants[low];
  }
}

/** All merchants that are open, and the ways in which customers and criminals come upon one. */
export class Market {
  readonly #all: Merchant[];
  readonly #countries: readonly string[];
  /** Made anew when somebody draws after a shop has opened. */
  #shelves: Shelves | undefined;

  constructor(merchants: readonly Merchant[], countries: readonly string[]) {
    this.#all = [...merchants];
    this.#countries = countries;
  }

  get all(): readonly Merchant[] {
    return this.#all;
  }

  open(merchant: Merchant): void {
    this.#all.push(merchant);
    this.#shelves = undefined;
  }

  /** Where somebody from `country` happens to buy. */
  draw(country: string, random: Random): Merchant {
    return this.#drawn(this.#shelf().byCountry.get(country), random);
  }

  /** A shop whose goods can be sold on: electronics, gift cards, games. */
  drawForResale(country: string, random: Random): Merchant {
    return this.#drawn(this.#shelf().resaleByCountry.get(country), random);
  }

  /** A shop that asks few questions, where a card tester tries cards. */
  drawLax(random: Random): Merchant {
    return this.#drawn(this.#shelf().lax, random);
  }

  drawSubscription(random: Random): Merchant {
    return this.#drawn(this.#shelf().subscription, random);
  }

  #shelf(): Shelves {
    this.#shelves ??= shelvesOf(this.#all, this.#countries);
    return this.#shelves;
  }

  #drawn(shelf: Shelf | undefined, random: Random): Merchant {
    return shelf?.draw(random) ?? random.pick(this.#all);
  }
}

interface Shelves {
  readonly byCountry: ReadonlyMap<string, Shelf>;
  readonly resaleByCountry: ReadonlyMap<string, Shelf>;
  readonly lax: Shelf;
  readonly subscription: Shelf;
}

function shelvesOf(merchants: readonly Merchant[], countries: readonly string[]): Shelves {
  const shelfOfEach = (weightOf: (merchant: Merchant) => number): ReadonlyMap<string, Shelf> =>
    new Map(
      countries.map((country) => {
        const seen = merchants.filter((each) => each.international || each.country === country);
        return [country, new Shelf(seen, weightOf)];
      }),
    );
  const orAll = (some: readonly Merchant[]): readonly Merchant[] => (some.length > 0 ? some : merchants);
  const isLax = (each: Merchant): boolean => each.authenticates < 0.1 && each.category.inStoreShare < 0.6;
  return {
    byCountry: shelfOfEach((each) => each.fame * each.category.share),
    resaleByCountry: shelfOfEach(resaleWeight),
    lax: new Shelf(orAll(merchants.filter(isLax)), (each) => Math.sqrt(each.fame)),
    subscription: new Shelf(
      orAll(merchants.filter((each) => each.category.subscription)),
      (each) => each.fame,
    ),
  };
}

function resaleWeight(merchant: Merchant): number {
  return Math.sqrt(merchant.fame) * merchant.category.resale ** 2 * (1 - merchant.category.inStoreShare);
}

export function makeMerchants(
  parameters: MerchantParameters,
  countryShares: readonly (readonly [string, number])[],
  maker: MerchantMaker,
): Merchant[] {
  const shares = countryShares.map(([, share]) => share);
  const categories = CATEGORIES.filter(
    ({ code }) => parameters.onlyCategory === null || code === parameters.onlyCategory,
  );
  const merchants: Merchant[] = [];
  for (let index = 0; index < parameters.count; index += 1) {
    const [country] = countryShares[maker.random.weighted(shares)] ?? ['DE'];
    const category = categories[index % categories.length];
    if (category === undefined) throw new Error('no categories');
    const rank = 1 + Math.floor(index / categories.length);
    const fame = 1 / rank ** parameters.zipfExponent;
    const international = maker.random.chance(
      category.inStoreShare > 0.6 ? 0.02 : parameters.internationalShare,
    );
    merchants.push(
      makeMerchant({ country, category, fame, international, laxShare: parameters.laxShare }, maker),
    );
  }
  return merchants;
}
