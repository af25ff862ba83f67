/** Shared entity logs in memory: for tests, and for folding logs that were read elsewhere. */
import {
  EntityLogError,
  type EntityAppend,
  type EntityLogStore,
  type EntityRead,
  type HeadReplacement,
  type ShardMark,
  type StoreStanding,
} from '#src/ports/entity-log-store.ts';

const NOTHING = new Uint8Array();

export class MemoryEntityLogStore implements EntityLogStore {
  standing: StoreStanding = { type: 'ready', epoch: 1 };
  readonly logs: Map<string, Uint8Array> = new Map();
  readonly marks: Map<number, ShardMark> = new Map();
  readonly claims: Map<string, number> = new Map();

  async append(appends: readonly EntityAppend[]): Promise<readonly number[]> {
    this.#assertReady();
    return appends.map(({ name, records }) => {
      const before = this.logs.get(name) ?? NOTHING;
      const log = new Uint8Array(before.length + records.length);
      log.set(before);
      log.set(records, before.length);
      this.logs.set(name, log);
      return log.length;
    });
  }

  async read(reads: readonly EntityRead[]): Promise<readonly Uint8Array[]> {
    this.#assertReady();
    return reads.map(({ name, from, bytes = Infinity }) =>
      (this.logs.get(name) ?? NOTHING).slice(from, from + bytes),
    );
  }

  async replaceHead({ name, was, becomes }: HeadReplacement): Promise<boolean> {
    this.#assertReady();
    const log = this.logs.get(name) ?? NOTHING;
    if (log.length < was.length || was.some((byte, at) => log[at] !== byte)) return false;
    const rest = log.subarray(was.length);
    const replaced = new Uint8Array(becomes.length + rest.length);
    replaced.set(becomes);
    replaced.set(rest, becomes.length);
    this.logs.set(name, replaced);
    return true;
  }

  async claim(paymentIds: readonly string[], shard: number): Promise<readonly number[]> {
    this.#assertReady();
    return paymentIds.map((id) => {
      const owner = this.claims.get(id) ?? shard;
      this.claims.set(id, owner);
      return owner;
    });
  }

  async readMarks(): Promise<ReadonlyMap<number, ShardMark>> {
    this.#assertReady();
    return new Map(this.marks);
  }

  async writeMark(shard: number, mark: ShardMark): Promise<void> {
    this.#assertReady();
    this.marks.set(shard, mark);
  }

  async renew(): Promise<void> {
    this.#assertReady();
    if (this.standing.type === 'ready') this.standing = { type: 'ready', epoch: this.standing.epoch + 1 };
  }

  async clear(onCleared: (logs: number) => void): Promise<void> {
    const { size } = this.logs;
    this.logs.clear();
    this.marks.clear();
    await this.renew();
    onCleared(size);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #assertReady(): void {
    if (this.standing.type === 'away') throw new EntityLogError('unreachable', this.standing.reason);
  }
}
