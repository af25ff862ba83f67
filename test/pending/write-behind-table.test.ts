import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from '#src/domain/encoding/byte-reader.ts';
import { struct, uint } from '#src/domain/encoding/codec.ts';
import { createMemoryStateStore } from '#src/adapters/memory/memory-state-store.ts';
import type { StateStore } from '#src/ports/state-store.ts';
import { WriteBehindTable, type StoredObject } from '#src/pending/write-behind-table.ts';

interface Counter {
  value: number;
}

const counter = struct<Counter>({ value: uint });
const PREFIX = 'counter/';
const IDS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;

function tableOn(store: StateStore): WriteBehindTable<Counter> {
  return new WriteBehindTable({ prefix: PREFIX, codec: counter, store, cachedMax: 2 });
}

/** The table and a plain map side by side, with the map's copies at the checkpoint under way and the last. */
class Twin {
  readonly store: StateStore = createMemoryStateStore();
  table: WriteBehindTable<Counter> = tableOn(this.store);
  now = new Map<string, number>();
  written = new Map<string, number>();
  #fixed: Map<string, number> | undefined;
  #flying: readonly StoredObject[] | undefined;

  set(id: string, value: number): void {
    if (this.now.has(id)) this.table.edit(id).value = value;
    else this.table.add(id, { value });
    this.now.set(id, value);
  }

  begin(): void {
    if (this.#fixed) return;
    this.table.beginCheckpoint();
    this.#fixed = new Map(this.now);
  }

  /** Encodes a little; with everything encoded, hands the writes over. */
  encode(count: number): void {
    if (this.#fixed && !this.#flying && this.table.encodeSome(count)) this.#flying = this.table.takeWritten();
  }

  async land(): Promise<void> {
    if (!this.#fixed || !this.#flying) return;
    await this.store.write({ puts: this.#flying, deletes: [] });
    this.table.endCheckpoint();
    this.written = this.#fixed;
    this.#fixed = undefined;
    this.#flying = undefined;
  }

  crash(): void {
    this.table = tableOn(this.store);
    this.now = new Map(this.written);
    this.#fixed = undefined;
    this.#flying = undefined;
  }

  async stored(): Promise<Map<string, number>> {
    const found = new Map<string, number>();
    for await (const [key, bytes] of this.store.entries(PREFIX)) {
      found.set(key.slice(PREFIX.length), counter.read(new ByteReader(bytes)).value);
    }
    return found;
  }
}

type Act = (twin: Twin) => void | Promise<void>;

const id = fc.constantFrom(...IDS);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(id, fc.nat(99)).map(
      ([one, value]): Act =>
        (twin) =>
          twin.set(one, value),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Act>((twin) => twin.begin()) },
  {
    weight: 3,
    arbitrary: fc.nat(3).map(
      (count): Act =>
        (twin) =>
          twin.encode(count),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Act>((twin) => twin.land()) },
  { weight: 1, arbitrary: fc.constant<Act>((twin) => twin.crash()) },
);

describe('a table that is written behind', () => {
  test('reads like a map at all times, and its store is the map at the last checkpoint', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 60, size: 'max' }), async (acts) => {
        const twin = new Twin();
        for (const each of acts) {
          await each(twin);
          for (const one of IDS) expect(twin.table.get(one)?.value).toBe(twin.now.get(one));
        }
        expect(await twin.stored()).toEqual(twin.written);
      }),
      { numRuns: 300 },
    );
  });

  test('writes an object as it was when the checkpoint began, however often it changes before it is encoded', async () => {
    const twin = new Twin();
    twin.set('a', 1);
    twin.set('b', 1);
    twin.begin();
    twin.set('a', 2);
    twin.set('a', 3);
    twin.encode(9);
    twin.set('b', 2);
    await twin.land();
    expect(await twin.stored()).toEqual(
      new Map([
        ['a', 1],
        ['b', 1],
      ]),
    );
    expect(twin.table.get('a')?.value).toBe(3);
    expect(twin.table.get('b')?.value).toBe(2);
  });

  test('forgets what was not used for long, and reads it again from the store', async () => {
    const twin = new Twin();
    for (const [value, one] of IDS.entries()) twin.set(one, value);
    twin.begin();
    twin.encode(99);
    await twin.land();
    const before = twin.table.get('a');
    for (const one of IDS.slice(1)) twin.table.get(one);
    expect(twin.table.get('a')).toEqual(before);
    expect(twin.table.get('a')).not.toBe(before);
  });

  test('does not ask the store for an id that was surely never added', () => {
    const store = createMemoryStateStore();
    const asked: string[] = [];
    const table = new WriteBehindTable<Counter>({
      prefix: PREFIX,
      codec: counter,
      store: { ...store, get: (key) => (asked.push(key), undefined) },
      cachedMax: 2,
      mayContain: (one) => one === 'b',
    });
    expect(table.get('a') ?? table.get('b')).toBeUndefined();
    expect(asked).toEqual(['counter/b']);
  });

  test('asks the store once for an id that is nowhere, and finds it when it was added since', () => {
    const store = createMemoryStateStore();
    const asked: string[] = [];
    const table = tableOn({ ...store, get: (key) => (asked.push(key), undefined) });
    expect(table.get('a') ?? table.get('a')).toBeUndefined();
    expect(asked).toEqual(['counter/a']);
    table.add('a', { value: 1 });
    expect(table.get('a')).toEqual({ value: 1 });
  });

  test('does not change what is not there, nor add what is new already', () => {
    const { table } = new Twin();
    expect(() => table.edit('a')).toThrow(/not in the table/);
    table.add('a', { value: 1 });
    expect(() => table.add('a', { value: 2 })).toThrow(/already/);
  });

  test('has one checkpoint under way at a time', () => {
    const { table } = new Twin();
    table.add('a', { value: 1 });
    table.beginCheckpoint();
    expect(() => table.beginCheckpoint()).toThrow(/under way/);
    table.encodeSome(1);
    expect(() => table.beginCheckpoint()).toThrow(/under way/);
  });

  test('encodes as much as it is told, and says when all is done', () => {
    const { table } = new Twin();
    for (const one of IDS.slice(0, 3)) table.add(one, { value: 1 });
    table.beginCheckpoint();
    expect(table.encodeSome(2)).toBe(false);
    expect(table.encodeSome(1)).toBe(true);
    expect(table.takeWritten()).toHaveLength(3);
    expect(table.takeWritten()).toHaveLength(0);
  });
});
