/** Names the paths in which two bodies with the same id differ, for the answer to the second one. */
import { showPath } from './list-problems.ts';

/** Paths, not values: what the first body said may be somebody else's. At most this many are named. */
const PATHS_MAX = 50;

/** The dotted paths of every leaf that only one has or that is not the same, sorted. */
export function differingPaths(left: unknown, right: unknown): string[] {
  const found: string[] = [];
  collect({ left, right }, [], found);
  return found.toSorted(byCodeUnits).slice(0, PATHS_MAX);
}

interface Pair {
  readonly left: unknown;
  readonly right: unknown;
}

function collect({ left, right }: Pair, path: readonly string[], found: string[]): void {
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    for (const name of names) collect({ left: left[name], right: right[name] }, [...path, name], found);
  } else if ((left ?? null) !== (right ?? null)) {
    found.push(showPath(path));
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
