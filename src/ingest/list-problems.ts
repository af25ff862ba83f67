/**
 * Says everything that is wrong with a body, each problem with its path (`card.bin`).
 *
 * What was sent is never repeated: it may be a card number or somebody's name. Only the names of
 * fields are, shortened and with card numbers masked.
 */
import type { z } from 'zod';
import { maskCardNumbers } from './card-number.ts';
import { nearestHint } from './nearest-name.ts';

export interface InputProblem {
  /** Names joined by dots; empty for the body itself. */
  readonly path: string;
  readonly message: string;
}

/** More problems than this help nobody, and a hostile body could have thousands. */
export const PROBLEMS_MAX = 50;
const NAME_LENGTH_MAX = 64;

/** One or more problems for each issue that zod found with a value of the schema. */
export function listProblems(schema: z.core.$ZodType, issues: readonly z.core.$ZodIssue[]): InputProblem[] {
  const problems = new Map<string, InputProblem>();
  for (const problem of issues.flatMap((issue) => problemsOf(schema, issue)))
    problems.set(`${problem.path} ${problem.message}`, problem);
  return [...problems.values()].slice(0, PROBLEMS_MAX);
}

/** A name from outside, made fit to be shown. */
export function showName(name: PropertyKey): string {
  const printable = String(name)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '?');
  const shown = maskCardNumbers(printable);
  return shown.length > NAME_LENGTH_MAX ? `${shown.slice(0, NAME_LENGTH_MAX)}…` : shown;
}

export function showPath(path: readonly PropertyKey[]): string {
  return path.map(showName).join('.');
}

function problemsOf(schema: z.core.$ZodType, issue: z.core.$ZodIssue): InputProblem[] {
  const path = showPath(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => unknownName([...issue.path, name], namesAt(schema, issue.path)));
    case 'invalid_key':
      return issue.issues.map(({ message }) => ({ path, message: `its name ${message}` }));
    case 'invalid_type':
      return [{ path, message: typeMessage(issue) }];
    default:
      return [{ path, message: issue.message }];
  }
}

function typeMessage(issue: z.core.$ZodIssueInvalidType): string {
  if (issue.message.endsWith('received undefined')) return 'is required';
  if (issue.expected === 'int' || issue.expected === 'number') return 'must be a number';
  const article = issue.expected === 'object' || issue.expected === 'array' ? 'an' : 'a';
  return `must be ${article} ${issue.expected === 'record' ? 'object' : issue.expected}`;
}

function unknownName(path: readonly PropertyKey[], known: readonly string[]): InputProblem {
  return { path: showPath(path), message: `is not a known field${nearestHint(String(path.at(-1)), known)}` };
}

/** The names that the schema knows at a path. */
function namesAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: z.core.$ZodType | undefined = objectIn(schema);
  for (const name of path) here = here && objectIn(shapeOf(here)[String(name)]);
  return here === undefined ? [] : Object.keys(shapeOf(here));
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  return definition.type === 'object' ? definition.shape : {};
}

/** The object schema inside of what makes it optional, gives it a default or prepares its input. */
function objectIn(schema: z.core.$ZodType | undefined): z.core.$ZodType | undefined {
  if (schema === undefined) return undefined;
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  switch (definition.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
      return objectIn(definition.innerType);
    case 'pipe':
      return objectIn(isTransform(definition.out) ? definition.in : definition.out);
    default:
      return schema;
  }
}

function isTransform(schema: z.core.$ZodType): boolean {
  return (schema as z.core.$ZodTypes)._zod.def.type === 'transform';
}
