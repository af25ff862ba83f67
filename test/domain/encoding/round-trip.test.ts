import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decisionStateCodec } from '#src/decision/decision-state-codec.ts';
import { answer } from '#src/domain/encoding/answer-codec.ts';
import { ByteReader, DecodingError } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import type { Codec } from '#src/domain/encoding/codec.ts';
import { commandEnvelope } from '#src/domain/encoding/command-codec.ts';
import { ledgerEvent } from '#src/domain/encoding/event-codec.ts';
import {
  commandRecord,
  decodePersonalParts,
  decodePlacedRow,
  decodeRecordAt,
  decodeRow,
  decodeRowInputs,
  encodePersonalParts,
  encodeRow,
  personalContent,
  UnknownEncodingError,
} from '#src/domain/encoding/row-codec.ts';
import { accountState, counters, paymentState, receiptState } from '#src/domain/encoding/state-codec.ts';
import type { CommandRecord } from '#src/domain/events.ts';
import { arbitraryOf, variantOf } from '#test/support/codec-arbitraries.ts';

/** A codec with values of it. */
type Written = readonly [name: string, codec: Codec<unknown>, values: fc.Arbitrary<unknown>];

function written<T>(name: string, codec: Codec<T>, values = arbitraryOf(codec.type, codec.fields)): Written {
  return [name, codec as Codec<unknown>, values];
}

const WRITTEN: readonly Written[] = [
  written('a record of the log', commandRecord),
  written('a command', commandEnvelope),
  written('a personal part', personalContent),
  written('an account', accountState),
  written('a payment', paymentState),
  written('a receipt', receiptState),
  written('the counters', counters),
  written('the state of decisions', decisionStateCodec),
  written('an event', ledgerEvent, variantOf(ledgerEvent.variants)),
  written('an answer', answer, variantOf(answer.variants)),
];

/** Enough to meet each variant and optional field, and fast. */
const RUNS = { numRuns: 60 };

function encode(codec: Codec<unknown>, value: unknown): Uint8Array {
  const writer = new ByteWriter(16);
  codec.write(writer, value);
  return writer.toBytes();
}

/** What the bytes say, or the error that says why they say nothing. */
function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}

function isSaid(result: unknown): boolean {
  return (
    !(result instanceof Error) || result instanceof DecodingError || result instanceof UnknownEncodingError
  );
}

const records = arbitraryOf('list of record', commandRecord.fields) as fc.Arbitrary<readonly CommandRecord[]>;

describe.each(WRITTEN)('%s', (_name, codec, values) => {
  test('is read as it was written, to the last byte', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encode(codec, value);
        const reader = new ByteReader(bytes);
        expect(codec.read(reader)).toEqual(value);
        expect(reader.atEnd).toBe(true);
      }),
      RUNS,
    );
  });

  test('that is cut short is refused, wherever it is cut', () => {
    fc.assert(
      fc.property(values, fc.nat(), (value, cut) => {
        const bytes = encode(codec, value);
        const short = bytes.subarray(0, cut % bytes.length);
        expect(attempt(() => codec.read(new ByteReader(short)))).toBeInstanceOf(DecodingError);
      }),
      RUNS,
    );
  });

  test('with a changed byte is another value or refused, and nothing else happens', () => {
    fc.assert(
      fc.property(values, fc.nat(), fc.integer({ min: 1, max: 255 }), (value, at, mask) => {
        const bytes = encode(codec, value);
        bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ mask;
        expect(isSaid(attempt(() => codec.read(new ByteReader(bytes))))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a row of the log', () => {
  test('gives back its records, and refuses bytes behind them', () => {
    fc.assert(
      fc.property(records, (written) => {
        const body = encodeRow(written);
        expect(decodeRow(body)).toEqual(written);
        const longer = new Uint8Array([...body, 0]);
        expect(attempt(() => decodeRow(longer))).toBeInstanceOf(DecodingError);
      }),
      RUNS,
    );
  });

  test('says where its shard goes on reading, where the shard is fed by topics', () => {
    fc.assert(
      fc.property(records, fc.maxSafeNat(), fc.maxSafeNat(), (written, commands, messages) => {
        const body = encodeRow(written, { commands, messages });
        expect(decodeRowInputs(body)).toEqual({ commands, messages });
        const placed = decodePlacedRow(body);
        expect(placed.map(({ record }) => record)).toEqual(written);
        expect(placed.map(({ offset }) => decodeRecordAt(body, offset))).toEqual(written);
        expect(decodeRowInputs(encodeRow(written))).toBeUndefined();
      }),
      RUNS,
    );
  });

  test('of another encoding version says so', () => {
    const body = encodeRow([]);
    body[0] = 99;
    expect(() => decodeRow(body)).toThrow(UnknownEncodingError);
    expect(() => decodePersonalParts(body)).toThrow(/version 99/);
  });

  test('has its personal parts in a blob of their own, or none', () => {
    const part = fc.record({ salt: fc.uint8Array({ maxLength: 16 }), content: fc.uint8Array() });
    const parts = fc.uniqueArray(fc.tuple(fc.nat(2_000), part), { selector: ([index]) => index });
    fc.assert(
      fc.property(parts, (entries) => {
        const written = new Map(entries);
        const blob = encodePersonalParts(written);
        expect(blob === null).toBe(written.size === 0);
        expect(decodePersonalParts(blob)).toEqual(written);
        if (blob === null) return;
        expect(attempt(() => decodePersonalParts(blob.subarray(0, -1)))).toBeInstanceOf(DecodingError);
      }),
    );
  });
});
