/** Finds the known name that somebody probably meant, for the message about a name that nobody knows. */

/** More edits than this and asking whether it was meant would only puzzle. */
const EDITS_MAX = 3;
/** Longer names are not compared: no field has one, and comparing costs the product of the lengths. */
const LENGTH_MAX = 64;

/** The nearest of the known names, as the end of a sentence about an unknown one; empty when nothing is known. */
export function nearestHint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  if (nearest === undefined) return '';
  const isNear = nearest.edits <= Math.min(EDITS_MAX, Math.ceil(name.length / 2));
  return isNear ? `; did you mean "${nearest.name}"?` : `; the nearest known one is "${nearest.name}"`;
}

function nearestName(name: string, known: readonly string[]) {
  if (name.length > LENGTH_MAX) return undefined;
  const wanted = simplify(name);
  let nearest: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of known) {
    const edits = editDistance(wanted, simplify(candidate));
    if (nearest === undefined || edits < nearest.edits) nearest = { name: candidate, edits };
  }
  return nearest;
}

/** `user_agent`, `user-agent` and `UserAgent` are all `userAgent` to a reader. */
function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[_\- ]/g, '');
}

/** Levenshtein's distance, one row at a time. */
function editDistance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
