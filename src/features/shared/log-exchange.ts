/**
 * The round trips of one batch with the store of shared logs: what the batch adds is appended, and what
 * others have added since is read, no more than the difference. Afterwards every feed has ready whatever
 * its log has from where it is folded up to the batch's own records.
 *
 * Records of merchants and BINs say whether a card was seen for the first time, which stands in the card's
 * log alone: they follow when that has answered.
 */
import { type EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { EntityFeed } from './entity-feed.ts';
import type { FeedReader } from './feed-reader.ts';

export interface LogExchangeParts {
  readonly store: EntityLogStore;
  readonly reader: FeedReader;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Told how long each log is behind what was added to it. */
  readonly onAppended: (feed: EntityFeed, lengthBytes: number, addedBytes: number) => void;
}

export class LogExchange {
  readonly #parts: LogExchangeParts;
  #appending = new Set<EntityFeed>();
  #reading = new Set<EntityFeed>();
  readonly #touched = new Set<EntityFeed>();

  constructor(parts: LogExchangeParts) {
    this.#parts = parts;
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
    const { reader, now, onAppended } = this.#parts;
    for (const feed of [...appending, ...reading]) {
      this.#touched.add(feed);
      feed.hear(now);
    }
    const [appended] = await Promise.all([this.#append(appending), reader.bring(reading)]);
    await reader.bring(appended.filter(({ isBehind }) => isBehind).map(({ feed }) => feed));
    for (const { feed, lengthBytes, addedBytes } of appended) onAppended(feed, lengthBytes, addedBytes);
  }

  /** Leaves nothing in the feeds that belongs to this batch; `fold` takes first what can be taken. */
  settle(fold: (feed: EntityFeed) => void): void {
    for (const feed of this.#touched) {
      fold(feed);
      feed.settle();
    }
  }

  async #append(feeds: readonly EntityFeed[]): Promise<readonly Appended[]> {
    const appends = feeds.map((feed) => ({ name: feed.name, records: feed.takeOutgoing() }));
    const lengths = await this.#parts.store.append(appends);
    return feeds.map((feed, index) => {
      const own = appends[index]?.records ?? NOTHING;
      const lengthBytes = lengths[index] ?? 0;
      const isBehind = !feed.offerOwn(own, lengthBytes);
      return { feed, lengthBytes, addedBytes: own.length, isBehind };
    });
  }
}

interface Appended {
  readonly feed: EntityFeed;
  readonly lengthBytes: number;
  readonly addedBytes: number;
  /** Its log has more than it has folded and what was appended. */
  readonly isBehind: boolean;
}

const NOTHING = new Uint8Array();
