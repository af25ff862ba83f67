/**
 * The canonical form of a body: RFC 8785 (JSON Canonicalization Scheme) over the validated content,
 * before defaults. Two bodies are the same if and only if this text is the same.
 *
 * Content that was read is nearly canonical: schemas have their names sorted, null was dropped, instants
 * and addresses stand in one form, amounts are numbers. So key order, white space, `+02:00` or `Z`,
 * `12950` or `"12950"` make no difference, and what `JSON.stringify` makes of it is the form: ECMAScript
 * writes strings and numbers as RFC 8785 asks. Only names that are whole numbers, which free records may
 * have, come out of an object in another order than that of their characters.
 */

/** Kept with each digest. Raise it whenever the same body would be written differently. */
export const CANONICAL_VERSION = 1;

/** The same members in the order of their names by UTF-16 units. */
export function sortedNames<Members extends object>(members: Members): Members {
  const sorted = Object.entries(members).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(sorted) as Members;
}

/** The text of content whose names are sorted, `records` being the fields of it whose names are free. */
export function canonicalForm(content: object, records: readonly string[]): string {
  const values = content as Readonly<Record<string, unknown>>;
  return records.some((name) => hasNumericName(values[name])) ? sortedJson(content) : JSON.stringify(content);
}

/** An object gives its whole-number names first, so one look at the first is enough. */
function hasNumericName(record: unknown): boolean {
  if (typeof record !== 'object' || record === null) return false;
  for (const first in record) return /^\d+$/.test(first);
  return false;
}

/** RFC 8785 word for word, whatever the order of names. */
export function sortedJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, inside]) => inside !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, inside]) => `${JSON.stringify(name)}:${sortedJson(inside)}`);
  return `{${members.join(',')}}`;
}
