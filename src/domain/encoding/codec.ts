/**
 * Codecs are built from small parts, so that what is written, what is read and what the
 * documentation says about a record come from one definition.
 *
 * A struct writes one presence bit for each optional field, then the fields that are there in the
 * order of their definition. Fields may be added at the end of a struct only together with a new
 * encoding version.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';
import { compileStructReader, compileStructWriter, type StructField } from './compile-struct.ts';

export interface Codec<T> {
  readonly write: (writer: ByteWriter, value: T) => void;
  readonly read: (reader: ByteReader) => T;
  /** The type in words, as the documentation shows it. */
  readonly type: string;
  /** The fields of a struct, for the documentation. */
  readonly fields?: readonly FieldDescription[];
}

export interface FieldDescription {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly fields?: readonly FieldDescription[];
}

interface OptionalCodec<T> extends Codec<T> {
  readonly optional: true;
}

type FieldCodecs<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? OptionalCodec<NonNullable<T[K]>> : Codec<T[K]>;
};

export const uint: Codec<number> = { type: 'uint', write: (w, v) => w.uint(v), read: (r) => r.uint() };
export const bigint: Codec<bigint> = {
  type: 'integer',
  write: (w, v) => w.bigint(v),
  read: (r) => r.bigint(),
};
export const float64: Codec<number> = {
  type: 'float64',
  write: (w, v) => w.float64(v),
  read: (r) => r.float64(),
};
export const text: Codec<string> = { type: 'text', write: (w, v) => w.text(v), read: (r) => r.text() };
export const bytes: Codec<Uint8Array> = {
  type: 'bytes',
  write: (w, v) => w.bytes(v),
  read: (r) => r.bytes(),
};
export const flag: Codec<boolean> = {
  type: 'flag',
  write: (w, v) => w.byte(v ? 1 : 0),
  read: (r) => r.byte() === 1,
};

/** One of a few words, as its number. New words go to the end. */
export function oneOf<const Words extends readonly string[]>(words: Words): Codec<Words[number]> {
  return {
    type: words.join(' or '),
    write: (w, v) => {
      const index = words.indexOf(v);
      if (index < 0) throw new RangeError(`${v} is not one of ${words.join(', ')}`);
      w.byte(index);
    },
    read: (r) => words[r.byte()] ?? r.fail(`unknown word, one of ${words.join(', ')} expected`),
  };
}

export function list<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    type: `list of ${item.type}`,
    ...(item.fields ? { fields: item.fields } : {}),
    write: (w, values) => {
      w.uint(values.length);
      for (const value of values) item.write(w, value);
    },
    read: (r) => {
      const count = r.uint();
      const values: T[] = [];
      for (let i = 0; i < count; i++) values.push(item.read(r));
      return values;
    },
  };
}

/** A map by text; keys keep their order. */
export function record<T>(value: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    type: `map of text to ${value.type}`,
    write: (w, values) => {
      const entries = Object.entries(values);
      w.uint(entries.length);
      for (const [key, one] of entries) {
        w.text(key);
        value.write(w, one);
      }
    },
    read: (r) => {
      const count = r.uint();
      const entries: [string, T][] = [];
      for (let i = 0; i < count; i++) entries.push([r.text(), value.read(r)]);
      return Object.fromEntries(entries);
    },
  };
}

export function optional<T>(codec: Codec<T>): OptionalCodec<T> {
  return { ...codec, optional: true };
}

/**
 * A record with named fields. `T` is given, so that the codec cannot miss a field of it.
 *
 * Writing and reading are compiled (`compile-struct.ts`), because generic access to fields by their
 * names costs several times what the fields themselves do.
 */
export function struct<T extends object>(codecs: FieldCodecs<T>): Codec<T> {
  const fields = fieldsOf(codecs);
  return {
    type: 'record',
    fields: fields.map(describeField),
    write: compileStructWriter<T>(fields),
    read: compileStructReader<T>(fields),
  };
}

interface CodecField extends StructField {
  readonly codec: Codec<unknown>;
}

function fieldsOf(codecs: object): CodecField[] {
  let bits = 0;
  return Object.entries(codecs).map(([name, codec]: [string, Codec<unknown>]) => ({
    name,
    codec,
    bit: 'optional' in codec ? bits++ : undefined,
  }));
}

function describeField({ name, codec, bit }: CodecField): FieldDescription {
  return {
    name,
    type: codec.type,
    optional: bit !== undefined,
    ...(codec.fields ? { fields: codec.fields } : {}),
  };
}
