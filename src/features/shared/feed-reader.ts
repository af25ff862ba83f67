/**
 * Reads what stands in logs behind what is folded of them, wherever that is by now: a log may be compacted
 * at any moment by another shard.
 */
import { EntityLogError, type EntityLogStore } from '#src/ports/entity-log-store.ts';
import type { EntityFeed } from './entity-feed.ts';
import type { FoldedEntities } from './folded-entities.ts';
import { HEAD_BYTES, isWholeLog, readShape } from './log-shape.ts';

/** A log is compacted a few times a day at most, so the second one hardly ever fails. */
const TRIES_MAX = 4;
const NOTHING: Uint8Array = new Uint8Array();

export class FeedReader {
  readonly #store: EntityLogStore;
  readonly #folded: FoldedEntities;

  constructor(store: EntityLogStore, folded: FoldedEntities) {
    this.#store = store;
    this.#folded = folded;
  }

  /** Each feed then has ready whatever its log has from where it is folded. @throws EntityLogError */
  async bring(feeds: readonly EntityFeed[]): Promise<void> {
    let left = feeds;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries === TRIES_MAX) throw disbelieved(left);
      const doubted = left.filter(({ isDoubted }) => isDoubted);
      // A length tells within a round trip that a head, read at any moment of it, was in force all the time.
      const [heads, rests] = await Promise.all([
        this.#store.read(doubted.map(({ name }) => ({ name, from: 0, bytes: HEAD_BYTES }))),
        this.#store.read(left.map(({ name, readFrom }) => ({ name, from: readFrom }))),
      ]);
      const isElsewhere = new Set(
        doubted.filter((feed, index) => !this.#learn(feed, heads[index] ?? NOTHING)),
      );
      left = left.filter(
        (feed, index) => isElsewhere.has(feed) || !this.#offer(feed, rests[index] ?? NOTHING),
      );
    }
  }

  /** False: what was read was not what follows. */
  #learn(feed: EntityFeed, head: Uint8Array): boolean {
    const { generation } = feed.shape;
    feed.isDoubted = false;
    feed.shape = readShape(head);
    if (feed.shape.base > feed.folded) this.#folded.restart(feed);
    return feed.shape.generation === generation;
  }

  #offer(feed: EntityFeed, rest: Uint8Array): boolean {
    return feed.folded === 0 ? this.#folded.offerWhole(feed, rest) : feed.offerRest(rest);
  }
}

/** Logs from their beginning to their end, each as it stood at one moment. @throws EntityLogError */
export async function readWholeLogs(
  store: EntityLogStore,
  names: readonly string[],
): Promise<readonly Uint8Array[]> {
  const logs = names.map(() => NOTHING);
  let left = [...names.keys()];
  for (let tries = 0; left.length > 0; tries++) {
    if (tries === TRIES_MAX) throw noLog(names[left[0] ?? 0] ?? '');
    const read = await store.read(left.map((index) => ({ name: names[index] ?? '', from: 0 })));
    for (const [at, index] of left.entries()) logs[index] = read[at] ?? NOTHING;
    left = left.filter((index) => !isWholeLog(logs[index] ?? NOTHING));
  }
  return logs;
}

function disbelieved([feed]: readonly EntityFeed[]): EntityLogError {
  if (!feed || feed.folded === 0) return noLog(feed?.name ?? '');
  return new EntityLogError('lost', `the log of ${feed.name} has become shorter`);
}

function noLog(name: string): EntityLogError {
  return new EntityLogError('unsuitable', `the log of ${name} holds what is no record`);
}
