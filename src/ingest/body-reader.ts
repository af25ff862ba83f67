/**
 * Reads a parsed body by its schema: the validated content, or every problem with it.
 *
 * zod compiles the schema into one function for the body that is right; only a body that is not pays
 * for the interpreter that explains it. A record may not carry `__proto__`, which zod would drop in
 * silence; other names that reach a prototype are unknown fields, or refused where names are free.
 */
import { z } from 'zod';
import { canonicalForm } from './canonical-form.ts';
import { listProblems } from './list-problems.ts';
import type { InputProblem } from './list-problems.ts';

export type ReadResult<Content> =
  | { readonly ok: true; readonly content: Content }
  | { readonly ok: false; readonly problems: readonly InputProblem[] };

export interface BodyReader<Content> {
  /** The schema that the documentation shows. */
  readonly schema: z.ZodObject;
  readonly read: (body: unknown) => ReadResult<Content>;
  /** The canonical form of content that was read. */
  readonly write: (content: Content) => string;
}

/** Problems that concern more than one field; told of what was sent, valid or not. */
export type CrossCheck = (body: Readonly<Record<string, unknown>>) => readonly InputProblem[];

const NOTHING: readonly InputProblem[] = [];

export function bodyReader<Schema extends z.ZodObject>(
  schema: Schema,
  crossCheck: CrossCheck = () => NOTHING,
): BodyReader<z.output<Schema>> {
  const compiled = z.compile(schema, { strict: true });
  const records = recordNames(schema);

  function read(body: unknown): ReadResult<z.output<Schema>> {
    const parsed = compiled.safeParse(body);
    const forbidden = isObject(body) ? forbiddenNames(body, records) : NOTHING;
    const crossed = isObject(body) ? crossCheck(body) : NOTHING;
    if (parsed.success && forbidden.length === 0 && crossed.length === 0)
      return { ok: true, content: parsed.data };
    const problems = parsed.success ? NOTHING : listProblems(schema, parsed.error.issues);
    return { ok: false, problems: [...problems, ...forbidden, ...crossed] };
  }
  return { schema, read, write: (content) => canonicalForm(content, records) };
}

function isObject(body: unknown): body is Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

/** The fields whose names are free. */
function recordNames(schema: z.ZodObject): readonly string[] {
  return Object.keys(schema.shape).filter(
    (name) => typeInside(schema.shape[name] as z.core.$ZodTypes) === 'record',
  );
}

function typeInside(schema: z.core.$ZodTypes): string {
  const definition = schema._zod.def;
  if (definition.type === 'pipe') return typeInside(definition.in as z.core.$ZodTypes);
  const wrapped = definition.type === 'optional' || definition.type === 'nullable';
  return wrapped ? typeInside(definition.innerType as z.core.$ZodTypes) : definition.type;
}

function forbiddenNames(
  body: Readonly<Record<string, unknown>>,
  records: readonly string[],
): readonly InputProblem[] {
  let found: InputProblem[] | undefined;
  for (const name of records) {
    const record = body[name];
    if (!isObject(record) || !Object.hasOwn(record, '__proto__')) continue;
    found ??= [];
    found.push({ path: `${name}.__proto__`, message: 'is not allowed as a name' });
  }
  return found ?? NOTHING;
}
