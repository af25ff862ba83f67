/** Finds the known name that somebody probably meant, for the message about a name that nobody knows. */

/** More edits than this and a suggestion would only puzzle. */
const EDITS_MAX = 3;
/** Longer names are not compared: no field has one, and comparing costs the product of the lengths. */
const LENGTH_MAX = 64;

/** The nearest of the known names, or undefined when none is near. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > LENGTH_MAX) return undefined;
  const wanted = simplify(name);
  let nearest: string | undefined;
  let edits = Math.min(EDITS_MAX, Math.ceil(wanted.length / 2)) + 1;
  for (const candidate of known) {
    const distance = editDistance(wanted, simplify(candidate));
    if (distance < edits) {
      edits = distance;
      nearest = candidate;
    }
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
