/**
 * The round trips of one batch with the store of shared logs: what the batch adds is appended, and what
 * others have added since is read, no more than the difference. Afterwards every feed has ready whatever
 * its log has from where it is folded up to the batch's own records.
 *
 * Records of merchants and BINs say whether a card was seen for the first time, which stands in the card's
 * log alone: they follow when that has answered.
 */
import { EntityLogError, RECORD_BYTES, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { EntityFeed } from './entity-feed.ts';

export class LogExchange {
  readonly #store: EntityLogStore;
  #appending = new Set<EntityFeed>();
  #reading = new Set<EntityFeed>();
  readonly #touched = new Set<EntityFeed>();

  constructor(store: EntityLogStore) {
    this.#store = store;
  }

  /** Behind what the feed is to append already, in one piece with it. */
  add(feed: EntityFeed, record: Uint8Array): void {
    feed.outgoing.push(record);
    this.#appending.add(feed);
  }

  /** Reads what the feed has not folded, also when nothing is appended to it. */
  follow(feed: EntityFeed): void {
    this.#reading.add(feed);
  }

  /** @throws EntityLogError when any log has not confirmed; all of it may be tried again. */
  async run(): Promise<void> {
    if (this.#appending.size === 0 && this.#reading.size === 0) return;
    const appending = [...this.#appending];
    const reading = [...this.#reading].filter((feed) => !this.#appending.has(feed));
    this.#appending = new Set();
    this.#reading = new Set();
    for (const feed of [...appending, ...reading]) this.#touched.add(feed);
    const appends = appending.map((feed) => ({ name: feed.name, records: feed.takeOutgoing() }));
    const [ends, tails] = await Promise.all([
      this.#store.append(appends),
      this.#store.read(reading.map(({ name, folded }) => ({ name, from: folded }))),
    ]);
    for (const [index, feed] of reading.entries()) feed.offer(tails[index] ?? NOTHING);
    const behind: { feed: EntityFeed; end: number }[] = [];
    for (const [index, feed] of appending.entries()) {
      const own = appends[index]?.records ?? NOTHING;
      const end = ends[index] ?? 0;
      if (end - own.length / RECORD_BYTES === feed.folded) feed.offer(own);
      else behind.push({ feed, end });
    }
    await this.#readDifferences(behind);
  }

  /** Leaves nothing in the feeds that belongs to this batch; `fold` takes first what can be taken. */
  settle(fold: (feed: EntityFeed) => void): void {
    for (const feed of this.#touched) {
      fold(feed);
      feed.settle();
    }
  }

  async #readDifferences(behind: readonly { feed: EntityFeed; end: number }[]): Promise<void> {
    if (behind.length === 0) return;
    const tails = await this.#store.read(behind.map(({ feed }) => ({ name: feed.name, from: feed.folded })));
    for (const [index, { feed, end }] of behind.entries()) {
      const tail = tails[index] ?? NOTHING;
      if (feed.folded + tail.length / RECORD_BYTES < end)
        throw new EntityLogError('lost', `the log of ${feed.name} has become shorter`);
      feed.offer(tail);
    }
  }
}

const NOTHING = new Uint8Array();
