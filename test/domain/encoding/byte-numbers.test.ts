import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader, DecodingError } from '#src/domain/encoding/byte-reader.ts';
import { ByteWriter } from '#src/domain/encoding/byte-writer.ts';
import { vector } from '#src/domain/encoding/vector-codec.ts';
import { NO_HISTORY, NOT_SENT, UNREADABLE } from '#src/domain/feature-value.ts';
import { bigints, uints, vectors } from '#test/support/codec-arbitraries.ts';

function written(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(8);
  write(writer);
  return writer.toBytes();
}

describe('an unsigned integer', () => {
  test('takes seven bits to a byte and is read back', () => {
    fc.assert(
      fc.property(uints, (value) => {
        const bytes = written((writer) => writer.uint(value));
        expect(bytes).toHaveLength(Math.max(1, Math.ceil(value.toString(2).length / 7)));
        expect(new ByteReader(bytes).uint()).toBe(value);
      }),
    );
  });

  test.each([-1, 0.5, NaN, Infinity, 2 ** 53])('is never %d', (value) => {
    expect(() => written((writer) => writer.uint(value))).toThrow(RangeError);
  });

  test.each([
    ['above 2^53 - 1', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['of 2^53', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]],
    ['with a ninth byte', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]],
  ])('%s is refused', (_what, bytes) => {
    expect(() => new ByteReader(Uint8Array.from(bytes)).uint()).toThrow(DecodingError);
  });
});

describe('a signed integer', () => {
  test('of any size that sums can have is read back', () => {
    fc.assert(
      fc.property(bigints, (value) => {
        const bytes = written((writer) => writer.bigint(value));
        expect(new ByteReader(bytes).bigint()).toBe(value);
      }),
    );
  });

  test('has at most 32 bytes, so that a damaged length costs nothing', () => {
    const largest = 2n ** 256n - 1n;
    const bytes = written((writer) => writer.bigint(-largest));
    expect(new ByteReader(bytes).bigint()).toBe(-largest);
    expect(() => written((writer) => writer.bigint(largest + 1n))).toThrow(RangeError);
    const long = written((writer) => {
      writer.uint(33 * 2);
      writer.raw(new Uint8Array(33));
    });
    expect(() => new ByteReader(long).bigint()).toThrow(DecodingError);
  });
});

describe('text', () => {
  test('is read back, short or long, in any script', () => {
    const anyText = fc.string({ unit: 'binary', maxLength: 100 });
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 5 }), (texts) => {
        const bytes = written((writer) => texts.forEach((each) => writer.text(each)));
        const reader = new ByteReader(bytes);
        expect(texts.map(() => reader.text())).toEqual(texts);
        expect(reader.atEnd).toBe(true);
      }),
    );
  });
});

describe('a vector', () => {
  const roundTrip = (values: Float32Array) =>
    vector.read(new ByteReader(written((writer) => vector.write(writer, values))));

  test('is read back to the last bit', () => {
    fc.assert(
      fc.property(vectors, (values) => {
        expect(new Uint8Array(roundTrip(values).buffer)).toEqual(new Uint8Array(values.slice().buffer));
      }),
    );
  });

  test('tells zeros, negative zero and the three kinds of missing apart', () => {
    const values = Float32Array.of(0, -0, NOT_SENT, NO_HISTORY, UNREADABLE, -1, 2 ** 21, 16_777_217, 0.1);
    expect([...roundTrip(values)].map((value, index) => Object.is(value, values[index]))).not.toContain(
      false,
    );
  });

  test('of zeros and missing values takes a byte for each run of 32', () => {
    const values = new Float32Array(231).fill(NO_HISTORY, 100);
    expect(written((writer) => vector.write(writer, values)).length).toBeLessThanOrEqual(2 + 4 + 5);
  });

  test('that claims to be longer than its bytes can be is refused before memory is taken', () => {
    const bytes = written((writer) => writer.uint(2 ** 40));
    expect(() => vector.read(new ByteReader(bytes))).toThrow(DecodingError);
  });

  test('with a run beyond its end, or of an unknown kind, is refused', () => {
    const beyond = written((writer) => {
      writer.uint(2);
      writer.byte(2);
    });
    expect(() => vector.read(new ByteReader(beyond))).toThrow(/beyond the end/);
    const unknown = written((writer) => {
      writer.uint(1);
      writer.byte(7 << 5);
    });
    expect(() => vector.read(new ByteReader(unknown))).toThrow(/unknown kind 7/);
  });
});

describe('what is passed over', () => {
  test('ends where reading it would have ended', () => {
    fc.assert(
      fc.property(fc.array(uints), fc.nat(20), (values, bytes) => {
        const reader = new ByteReader(
          written((writer) => {
            for (const value of values) writer.uint(value);
            writer.raw(new Uint8Array(bytes).fill(0xff));
            writer.uint(7);
          }),
        );
        reader.skipUints(values.length);
        reader.skip(bytes);
        expect(reader.uint()).toBe(7);
        expect(reader.atEnd).toBe(true);
      }),
    );
  });

  test('is refused where the bytes end before it does', () => {
    const bytes = written((writer) => writer.uint(300));
    expect(() => new ByteReader(bytes).skipUints(2)).toThrow(DecodingError);
    expect(() => new ByteReader(bytes).skip(3)).toThrow(DecodingError);
  });
});
