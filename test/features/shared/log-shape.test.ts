import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryEntityLogStore } from '#src/adapters/memory/memory-entity-log-store.ts';
import { emptyRow } from '#src/features/history/history-row.ts';
import { SLOTS } from '#src/features/key-layout.ts';
import { writeRecord } from '#src/features/shared/entity-record.ts';
import { FeedReader, readWholeLogs } from '#src/features/shared/feed-reader.ts';
import { FoldedEntities } from '#src/features/shared/folded-entities.ts';
import {
  headBytesFor,
  imageIn,
  isWholeLog,
  LENGTH_TELLS_MS,
  nextWindow,
  PLAIN_LOG,
  readShape,
  recordsIn,
  writeHead,
  type LogShape,
  type PackedImage,
} from '#src/features/shared/log-shape.ts';
import { packWords, unpackWords } from '#src/features/shared/sparse-words.ts';
import { RECORD_BYTES } from '#src/ports/entity-log-store.ts';

const NAME = '0000000700000009';
const KEY = [9, 7, SLOTS.merchant] as const;

function recordsOf(...ids: readonly number[]): Uint8Array {
  const source = { shard: 0, origin: 0 };
  return Buffer.concat(
    ids.map((idLow) => writeRecord({ ...emptyRow(), time: idLow * 1_000, idLow }, source)),
  );
}

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function headOf(image: PackedImage, shape: Partial<LogShape>): Uint8Array {
  const headBytes = headBytesFor(image.bytes.length, shape.generation ?? 0);
  return writeHead({ ...PLAIN_LOG, ...shape, headBytes }, image);
}

test('words are the same when they were packed, however many of them are zero', () => {
  const words = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2 ** 32 - 1 })));
  fc.assert(
    fc.property(words, (numbers) => {
      const packed = packWords(Uint32Array.from(numbers));
      expect([...unpackWords(packed, numbers.length)]).toEqual(numbers);
    }),
  );
});

test('a head says what it was given, and makes a length that says its generation', () => {
  fc.assert(
    fc.property(
      fc.record({
        generation: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
        base: fc.integer({ min: 0, max: 2 ** 47 }),
        windowBeganAt: fc.integer({ min: 0, max: 2 ** 47 }),
        bytes: fc.uint8Array({ maxLength: 200 }),
      }),
      ({ generation, base, windowBeganAt, bytes }) => {
        const head = headOf({ bytes, words: 3 }, { generation, base, windowBeganAt });
        const log = Buffer.concat([head, recordsOf(1, 2)]);
        expect(readShape(log)).toMatchObject({ generation, base, windowBeganAt, headBytes: head.length });
        expect([...(imageIn(log)?.bytes ?? [])]).toEqual([...bytes]);
        expect(isWholeLog(log)).toBe(true);
        expect(isWholeLog(Buffer.concat([log, Uint8Array.of(0)]))).toBe(false);
        expect(recordsIn(readShape(log), log.length)).toBe(base + 2);
      },
    ),
  );
});

test('in no hour a log is compacted so often that a length could say a generation that was there before', () => {
  const pauses = fc.array(fc.integer({ min: 0, max: LENGTH_TELLS_MS / 10 }), {
    minLength: 60,
    maxLength: 300,
  });
  fc.assert(
    fc.property(pauses, (after) => {
      let shape = PLAIN_LOG;
      let now = 10 * LENGTH_TELLS_MS;
      const times: number[] = [];
      for (const pause of after) {
        now += pause;
        const window = nextWindow(shape, now);
        if (!window) continue;
        shape = { ...shape, ...window, generation: shape.generation + 1 };
        times.push(now);
      }
      const within = times.map((time) =>
        times.filter((other) => other >= time && other < time + LENGTH_TELLS_MS),
      );
      expect(Math.max(...within.map(({ length }) => length))).toBeLessThan(RECORD_BYTES - 1);
    }),
  );
});

interface Followed {
  readonly store: MemoryEntityLogStore;
  readonly folded: FoldedEntities;
  readonly reader: FeedReader;
}

/** A shard that has folded so many records of a log. */
async function following(count: number): Promise<Followed> {
  const store = new MemoryEntityLogStore();
  const folded = new FoldedEntities();
  const reader = new FeedReader(store, folded);
  await store.append([{ name: NAME, records: recordsOf(...upTo(count)) }]);
  const feed = folded.feedOf(...KEY);
  feed.hear(0);
  await reader.bring([feed]);
  folded.foldBefore(feed, () => false);
  feed.settle();
  return { store, folded, reader };
}

test('a log that was compacted 48 times, and is as long as it was known, is not taken for the known one', async () => {
  const { store, folded, reader } = await following(300);
  const all = new FoldedEntities();
  const other = all.feedOf(...KEY);
  other.offer(recordsOf(...upTo(500)));
  all.foldBefore(other, () => false);
  const head = headOf(all.imageOf(other), { generation: 48, base: 500 });
  const behind = upTo(300 - head.length / RECORD_BYTES).map((id) => 500 + id);
  store.logs.set(NAME, Buffer.concat([head, recordsOf(...behind)]));
  const own = recordsOf(9_999);
  const [length = 0] = await store.append([{ name: NAME, records: own }]);
  const feed = folded.feedOf(...KEY);
  // Only the time that has passed tells them apart.
  expect(length).toBe(301 * RECORD_BYTES);
  feed.hear(LENGTH_TELLS_MS);
  expect(feed.offerOwn(own, length)).toBe(false);
  await reader.bring([feed]);
  expect(folded.foldUntil(feed, { idLow: 9_999, idHigh: 0 })).toBe(500 + behind.length);
});

test('a log that was compacted behind what is folded is read on from there', async () => {
  const { store, folded, reader } = await following(300);
  const feed = folded.feedOf(...KEY);
  const before = feed.history;
  const head = headOf({ bytes: new Uint8Array(), words: 0 }, { generation: 1, base: 200 });
  store.logs.set(NAME, Buffer.concat([head, recordsOf(...upTo(100).map((id) => 200 + id))]));
  const own = recordsOf(301);
  const [length = 0] = await store.append([{ name: NAME, records: own }]);
  expect(feed.offerOwn(own, length)).toBe(false);
  await reader.bring([feed]);
  expect(folded.foldUntil(feed, { idLow: 301, idHigh: 0 })).toBe(300);
  expect(feed.history).toBe(before);
});

test('a log that has become shorter is lost, and one that holds no records is none', async () => {
  const { store, folded, reader } = await following(300);
  store.logs.set(NAME, recordsOf(1, 2));
  await expect(reader.bring([folded.feedOf(...KEY)])).rejects.toMatchObject({ fault: 'lost' });
  store.logs.set(NAME, Buffer.from('not a record'));
  await expect(readWholeLogs(store, [NAME])).rejects.toMatchObject({ fault: 'unsuitable' });
  store.logs.set(NAME, Buffer.concat([Uint8Array.of(0x2f), new Uint8Array(47)]));
  await expect(readWholeLogs(store, [NAME])).rejects.toThrow('compacted by another version');
});
