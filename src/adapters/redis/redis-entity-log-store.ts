/**
 * Shared entity logs in Redis: a string for each entity, to which `APPEND` adds and of which `GETRANGE`
 * reads. Redis computes nothing; its one script (`replace-head.lua`) replaces the head of a log.
 *
 * Owns the epoch. It is bound to the run ids of the servers, so a restart or a failover begins another one,
 * and every round trip that appends reads it again, so that nobody goes on in one that has ended; who has
 * nothing to do looks every second. After any failure the servers are checked before anything else is sent.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  EntityLogError,
  RECORD_BYTES,
  type EntityAppend,
  type EntityLogStore,
  type EntityRead,
  type HeadReplacement,
  type ShardMark,
  type StoreStanding,
} from '#src/ports/entity-log-store.ts';
import {
  openRedisClient,
  type RedisClient,
  type RedisCommand,
  type RedisSettings,
  type RedisValue,
} from './redis-client.ts';
import { redisFault } from './redis-fault.ts';
import { redisKeys, type RedisKeys } from './redis-keys.ts';
import { checkServers } from './server-check.ts';
import { markFromText, markToText } from './shard-mark-text.ts';

/** Longer than a client may go on repeating a payment whose answer it has not seen. */
const CLAIM_SECONDS = 86_400;
const CHECK_FIRST_MS = 50;
const CHECK_MAX_MS = 2_000;
/** Other shards wait for one that has not noticed another epoch. */
const LOOK_EVERY_MS = 1_000;
/** Logs read by one round trip, and how much of each: 25 MB at most. */
const READ_AT_ONCE = 256;
const PIECE_BYTES = 2_048 * RECORD_BYTES;
const NO_RECORDS = new Uint8Array();
const REPLACE_HEAD = readScript('replace-head.lua');
/** Changes nothing, and tells whether the user may do it, before a log has grown. */
const NO_REPLACEMENT: HeadReplacement = { name: '', was: Uint8Array.of(0), becomes: NO_RECORDS };
const NO_READ: EntityRead = { name: '', from: 0 };
const NOT_CHECKED: StoreStanding = { type: 'away', reason: 'Redis: not connected yet' };
/** Epochs are seconds since 2026, so that they only grow, also when nothing is left of the ones before. */
const EPOCH_ZERO_MS = Date.UTC(2026, 0, 1);

export interface RedisStoreParts {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly onStanding: (standing: StoreStanding) => void;
}

/** Does not wait for a server that is away: it is tried until it is there. */
export async function openRedisEntityLogStore(
  settings: RedisSettings,
  parts: RedisStoreParts,
): Promise<EntityLogStore> {
  const store = new RedisEntityLogStore(settings, parts);
  await store.connect();
  return store;
}

class RedisEntityLogStore implements EntityLogStore {
  readonly #client: RedisClient;
  readonly #keys: RedisKeys;
  readonly #parts: RedisStoreParts;
  readonly #answerWithinMs: number;
  #standing = NOT_CHECKED;
  #servers = '';
  #lastEpoch = 0;
  #checking: Promise<void> | undefined;
  #checkAgain: NodeJS.Timeout | undefined;
  #checkAfterMs = CHECK_FIRST_MS;
  #isClosed = false;
  readonly #look: NodeJS.Timeout;

  constructor(settings: RedisSettings, parts: RedisStoreParts) {
    this.#keys = redisKeys(settings.prefix);
    this.#parts = parts;
    this.#answerWithinMs = settings.answerWithinMs;
    this.#client = openRedisClient(settings, {
      onReady: () => this.#checkSoon(0),
      onLost: (error) => this.#stepBack(redisFault(error)),
    });
    this.#look = setInterval(() => void this.#lookAtEpoch(), LOOK_EVERY_MS).unref();
  }

  get standing(): StoreStanding {
    return this.#standing;
  }

  async connect(): Promise<void> {
    await this.#client.connect();
    await this.#check();
  }

  async append(appends: readonly EntityAppend[]): Promise<readonly number[]> {
    if (appends.length === 0) return [];
    const commands = appends.map(({ name, records }): RedisCommand => {
      return ['APPEND', this.#keys.log(name), asBuffer(records)];
    });
    const lengths = await this.#sendInEpoch(commands);
    this.#checkAfterMs = CHECK_FIRST_MS;
    return lengths.map(Number);
  }

  /** In pieces, so that a shard which knows nothing yet gets each of its answers in time. */
  async read(reads: readonly EntityRead[]): Promise<readonly Uint8Array[]> {
    const logs: Uint8Array[] = [];
    for (let at = 0; at < reads.length; at += READ_AT_ONCE)
      logs.push(...(await this.#readPieces(reads.slice(at, at + READ_AT_ONCE))));
    const cut = logs.flatMap((log, index) =>
      log.length === PIECE_BYTES && log.length < (reads[index]?.bytes ?? Infinity) ? [index] : [],
    );
    if (cut.length === 0) return logs;
    const rests = await this.read(
      cut.map((index) => {
        const { name, from, bytes = Infinity } = reads[index] ?? NO_READ;
        return { name, from: from + PIECE_BYTES, bytes: bytes - PIECE_BYTES };
      }),
    );
    for (const [at, index] of cut.entries())
      logs[index] = Buffer.concat([logs[index] ?? NO_RECORDS, rests[at] ?? NO_RECORDS]);
    return logs;
  }

  async #readPieces(reads: readonly EntityRead[]): Promise<readonly Uint8Array[]> {
    this.#epochNow();
    const answers = await this.#send(
      reads.map(({ name, from, bytes = PIECE_BYTES }): RedisCommand => {
        return ['GETRANGE', this.#keys.log(name), from, from + Math.min(bytes, PIECE_BYTES) - 1];
      }),
    );
    return answers.map((answer) => (answer instanceof Uint8Array ? answer : NO_RECORDS));
  }

  replaceHead(replacement: HeadReplacement): Promise<boolean> {
    this.#epochNow();
    return this.#replaceHead(replacement);
  }

  async #replaceHead({ name, was, becomes }: HeadReplacement): Promise<boolean> {
    const digest = createHash('sha1').update(was).digest('hex');
    const parameters = [1, this.#keys.log(name), was.length, digest, asBuffer(becomes)] as const;
    const [replaced] = await this.#withinTime(async () => {
      try {
        return await this.#client.send([['EVALSHA', REPLACE_HEAD.digest, ...parameters]]);
      } catch (error) {
        // A server that was started anew, or another one: it knows no scripts.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return this.#client.send([['EVAL', REPLACE_HEAD.text, ...parameters]]);
      }
    });
    return replaced === 1;
  }

  async claim(paymentIds: readonly string[], shard: number): Promise<readonly number[]> {
    this.#epochNow();
    const owners = await this.#send(
      paymentIds.map((id) => ['SET', this.#keys.claim(id), shard, 'EX', CLAIM_SECONDS, 'NX', 'GET']),
    );
    return owners.map((owner) => (owner === null ? shard : Number(textOf(owner))));
  }

  async readMarks(): Promise<ReadonlyMap<number, ShardMark>> {
    const [texts = null] = await this.#sendInEpoch([['HVALS', this.#keys.marks]]);
    const marks = Array.isArray(texts) ? texts.map((text: RedisValue) => markFromText(textOf(text))) : [];
    return new Map(marks.flatMap((mark) => (mark ? [mark] : [])));
  }

  async writeMark(shard: number, mark: ShardMark): Promise<void> {
    this.#epochNow();
    await this.#send([['HSET', this.#keys.marks, String(shard), markToText(shard, mark)]]);
  }

  async renew(): Promise<void> {
    await this.#begin(true);
  }

  async clear(onCleared: (logs: number) => void): Promise<void> {
    let cleared = 0;
    for await (const names of this.#client.scan(this.#keys.logs)) {
      if (names.length > 0) await this.#send(names.map((name) => ['UNLINK', name]));
      onCleared((cleared += names.length));
    }
    await this.#send([['DEL', this.#keys.marks]]);
    await this.renew();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#look);
    clearTimeout(this.#checkAgain);
    this.#client.close();
    await this.#checking;
  }

  #epochNow(): number {
    if (this.#standing.type === 'away') throw new EntityLogError('unreachable', this.#standing.reason);
    return this.#standing.epoch;
  }

  /** @throws EntityLogError when the epoch is not in force any more: what was sent may have been done. */
  async #sendInEpoch(commands: readonly RedisCommand[]): Promise<readonly RedisValue[]> {
    const epoch = this.#epochNow();
    const [inForce = null, ...answers] = await this.#send([['GET', this.#keys.epoch], ...commands]);
    if (textOf(inForce) === String(epoch)) return answers;
    throw this.#stepBack(new EntityLogError('changed', `Redis: epoch ${epoch} has ended`));
  }

  /** What it finds shows in the standing. */
  async #lookAtEpoch(): Promise<void> {
    if (this.#standing.type === 'ready') await this.#sendInEpoch([]).catch(() => undefined);
  }

  /** All of it in one round trip. @throws EntityLogError */
  #send(commands: readonly RedisCommand[]): Promise<readonly RedisValue[]> {
    return this.#withinTime(() => this.#client.send(commands));
  }

  async #withinTime<T>(work: () => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        this.#client.reconnect();
        reject(new EntityLogError('unreachable', `Redis: no answer within ${this.#answerWithinMs} ms`));
      }, this.#answerWithinMs);
    });
    try {
      return await Promise.race([work(), overdue]);
    } catch (error) {
      throw this.#stepBack(redisFault(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Nothing is sent any more until the servers were checked. */
  #stepBack(error: EntityLogError): EntityLogError {
    this.#stand({ type: 'away', reason: error.message });
    // Another failure does not put off the check that is due.
    if (this.#checkAgain === undefined) {
      this.#checkSoon(this.#checkAfterMs);
      this.#checkAfterMs = Math.min(this.#checkAfterMs * 2, CHECK_MAX_MS);
    }
    return error;
  }

  #checkSoon(afterMs: number): void {
    if (this.#isClosed) return;
    clearTimeout(this.#checkAgain);
    this.#checkAgain = setTimeout(() => void this.#check(), afterMs);
    this.#checkAgain.unref();
  }

  async #check(): Promise<void> {
    clearTimeout(this.#checkAgain);
    this.#checkAgain = undefined;
    if (this.#isClosed) return;
    this.#checking ??= this.#checkOnce().finally(() => (this.#checking = undefined));
    await this.#checking;
  }

  async #checkOnce(): Promise<void> {
    try {
      this.#servers = checkServers(await this.#client.servers());
      await this.#replaceHead(NO_REPLACEMENT);
      await this.#begin(false);
    } catch (error) {
      const fault = redisFault(error);
      // The name may lead to the server that has taken over by now.
      if (fault.fault === 'readOnly') this.#client.reconnect();
      this.#stepBack(fault);
    }
  }

  /** Puts an epoch in force: the servers' own, or a new one. @throws EntityLogError */
  async #begin(isRenewed: boolean): Promise<void> {
    const servers = this.#keys.servers(this.#servers);
    const [current = null] = await this.#send([['GET', this.#keys.epoch]]);
    const inForce = Number(textOf(current) ?? 0);
    this.#lastEpoch = Math.max(this.#lastEpoch, inForce);
    const candidate = this.#nextEpoch();
    const [known = null] = await this.#send([['SET', servers, candidate, 'NX', 'GET']]);
    const own = known === null ? candidate : Number(textOf(known));
    // Servers that come back after others had taken over lack what those were told.
    const epoch = isRenewed || own < inForce ? candidate : own;
    if (epoch !== own) await this.#send([['SET', servers, epoch]]);
    if (epoch !== inForce) await this.#send([['SET', this.#keys.epoch, epoch]]);
    this.#lastEpoch = Math.max(this.#lastEpoch, epoch);
    this.#stand({ type: 'ready', epoch });
  }

  #nextEpoch(): number {
    return Math.max(Math.floor((this.#parts.now() - EPOCH_ZERO_MS) / 1_000), this.#lastEpoch + 1);
  }

  #stand(standing: StoreStanding): void {
    const hasChanged =
      this.#standing === NOT_CHECKED ||
      standing.type !== this.#standing.type ||
      (standing.type === 'ready' &&
        this.#standing.type === 'ready' &&
        standing.epoch !== this.#standing.epoch);
    this.#standing = standing;
    if (hasChanged) this.#parts.onStanding(standing);
  }
}

/** The digest is the name by which a server knows the script. */
function readScript(file: string): { readonly text: string; readonly digest: string } {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8');
  return { text, digest: createHash('sha1').update(text).digest('hex') };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textOf(value: RedisValue): string | undefined {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : undefined;
}
