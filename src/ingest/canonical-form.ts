/**
 * Writes the canonical form of a body: RFC 8785 (JSON Canonicalization Scheme) over the validated
 * content, before defaults. Two bodies are the same if and only if this text is the same.
 *
 * The writer is compiled from the body's schema, so that names are sorted and quoted once and not for
 * each payment. Null means "not sent" and is left out. Instants are written with milliseconds and `Z`,
 * amounts as numbers, addresses and masked card numbers as they were read; so key order, white space,
 * `+02:00` or `Z`, `12950` or `"12950"` make no difference.
 */
import type { z } from 'zod';

/** Kept with each digest. Raise it whenever the same body would be written differently. */
export const CANONICAL_VERSION = 1;

export type WriteCanonical = (content: unknown) => string;

const ownWriters = new WeakMap<z.core.$ZodType, WriteCanonical>();

/** Says how values of this schema look when that is not what JSON makes of them (an instant, for one). */
export function writtenBy<Schema extends z.ZodType>(
  schema: Schema,
  write: (value: z.output<Schema>) => string,
): Schema {
  ownWriters.set(schema, write as WriteCanonical);
  return schema;
}

/** The writer of everything that the schema allows. */
export function compileWriter(schema: z.core.$ZodType): WriteCanonical {
  const own = ownWriters.get(schema);
  if (own !== undefined) return own;
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  switch (definition.type) {
    case 'object':
      return writerOfObject(definition.shape);
    case 'record':
      return writerOfRecord(compileWriter(definition.valueType));
    case 'array':
      return writerOfArray(compileWriter(definition.element));
    case 'optional':
    case 'nullable':
      return compileWriter(definition.innerType);
    case 'pipe':
      return compileWriter(pipeEnd(definition));
    case 'enum':
    case 'literal':
      return writePlainText;
    case 'number':
    case 'boolean':
    case 'union':
      return String;
    case 'string':
      return writeText;
    default:
      throw new Error(`a body schema uses "${definition.type}", which the canonical form does not know`);
  }
}

/** A pipe's value is what its end says; where that is a function, what went into it. */
function pipeEnd(definition: z.core.$ZodPipeDef): z.core.$ZodType {
  const end = definition.out as z.core.$ZodTypes;
  return end._zod.def.type === 'transform' ? definition.in : end;
}

interface Member {
  readonly name: string;
  /** The quoted name and its colon. */
  readonly label: string;
  readonly write: WriteCanonical;
}

function writerOfObject(shape: z.core.$ZodShape): WriteCanonical {
  const members: Member[] = Object.entries(shape)
    .map(([name, inner]) => ({ name, label: `${JSON.stringify(name)}:`, write: compileWriter(inner) }))
    .toSorted((left, right) => (left.name < right.name ? -1 : 1));
  return function writeObject(content) {
    const values = content as Readonly<Record<string, unknown>>;
    let text = '';
    let opening = '{';
    for (const member of members) {
      const value = values[member.name];
      if (value === undefined || value === null) continue;
      text += opening + member.label + member.write(value);
      opening = ',';
    }
    return text === '' ? '{}' : `${text}}`;
  };
}

/** Names sorted by UTF-16 units, as RFC 8785 asks and as `sort` does. */
function writerOfRecord(writeEach: WriteCanonical): WriteCanonical {
  return function writeRecord(content) {
    const values = content as Readonly<Record<string, unknown>>;
    const members = Object.keys(values)
      .toSorted()
      .map((name) => `${JSON.stringify(name)}:${writeEach(values[name])}`);
    return `{${members.join(',')}}`;
  };
}

function writerOfArray(writeEach: WriteCanonical): WriteCanonical {
  return (content) => `[${(content as readonly unknown[]).map(writeEach).join(',')}]`;
}

/** For text that holds neither quotes nor control characters, because its schema allows none. */
export function writePlainText(value: unknown): string {
  return `"${String(value)}"`;
}

/** Validated text has no control characters and is well-formed, so these are all that JSON escapes. */
const NEEDS_ESCAPE = /["\\]/;

/** RFC 8785 escapes as ECMAScript does; only text that needs an escape pays for it. */
function writeText(value: unknown): string {
  const text = String(value);
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`;
}
