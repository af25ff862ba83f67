/**
 * Writes the code that a struct's fields ask for, once, when the codec is made: straight access to
 * each field, no loop over names. The text is made of field names of this code base and of nothing
 * that comes from outside.
 */
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

export interface StructField {
  readonly name: string;
  readonly codec: {
    readonly write: (writer: ByteWriter, value: unknown) => void;
    readonly read: (reader: ByteReader) => unknown;
  };
  /** The number of its presence bit; undefined for a field that is always there. */
  readonly bit: number | undefined;
}

const BITS = 8;
const IDENTIFIER = /^[A-Za-z]\w*$/;

type Write<T> = (writer: ByteWriter, value: T) => void;
type Read<T> = (reader: ByteReader) => T;

export function compileStructWriter<T>(fields: readonly StructField[]): Write<T> {
  const presence = groupsOfEight(fields).map(
    (group) => `writer.byte(${group.map(presenceBit).join(' | ')});`,
  );
  const values = fields.map(({ name, bit }, index) =>
    bit === undefined
      ? `if (value.${name} === undefined) missing('${name}'); write${index}(writer, value.${name});`
      : `if (value.${name} !== undefined) write${index}(writer, value.${name});`,
  );
  const writes = fields.map(({ codec }) => codec.write);
  return compile<Write<T>>({
    constants: ['missing', ...fields.map((_, index) => `write${index}`)],
    values: [missing, ...writes],
    code: `return function writeStruct(writer, value) { ${[...presence, ...values].join('\n')} };`,
    fields,
  });
}

export function compileStructReader<T>(fields: readonly StructField[]): Read<T> {
  const presence = groupsOfEight(fields).map((_, index) => `const present${index} = reader.byte();`);
  const firstOptional = fields.findIndex(({ bit }) => bit !== undefined);
  // Those that are always there are made with the object, which is cheaper than adding them.
  const always = firstOptional < 0 ? fields.length : firstOptional;
  const first = fields.slice(0, always).map(({ name }, index) => `${name}: read${index}(reader)`);
  const values = fields.map(({ name, bit }, index) => {
    const read = `value.${name} = read${index}(reader);`;
    return bit === undefined ? read : `if (present${Math.floor(bit / BITS)} & ${1 << (bit % BITS)}) ${read}`;
  });
  return compile<Read<T>>({
    constants: fields.map((_, index) => `read${index}`),
    values: fields.map(({ codec }) => codec.read),
    code: `return function readStruct(reader) { ${presence.join('\n')}\nconst value = { ${first.join(', ')} };\n${values.slice(always).join('\n')}\nreturn value; };`,
    fields,
  });
}

interface Compilation {
  readonly constants: readonly string[];
  readonly values: readonly unknown[];
  readonly code: string;
  readonly fields: readonly StructField[];
}

function compile<T>({ constants, values, code, fields }: Compilation): T {
  for (const { name } of fields)
    if (!IDENTIFIER.test(name)) throw new TypeError(`${name} cannot name a field`);
  const make = new Function(...constants, `'use strict';\n${code}`) as (...values: readonly unknown[]) => T;
  return make(...values);
}

/** The optional fields, eight to a byte. */
function groupsOfEight(fields: readonly StructField[]): readonly (readonly StructField[])[] {
  const groups: StructField[][] = [];
  for (const field of fields) {
    if (field.bit === undefined) continue;
    const group = (groups[Math.floor(field.bit / BITS)] ??= []);
    group.push(field);
  }
  return groups;
}

function presenceBit({ name, bit = 0 }: StructField): string {
  return `(value.${name} === undefined ? 0 : ${1 << (bit % BITS)})`;
}

function missing(name: string): never {
  throw new TypeError(`field ${name} is missing`);
}
