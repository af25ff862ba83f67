/**
 * A number from 0 to 1 (exclusive) that belongs to an id for ever, evenly spread over ids: FNV-1a
 * over its UTF-16 units (Fowler, Noll, Vo), finished as in MurmurHash3 (A. Appleby) so that ids that
 * differ in their last digit are far apart. An id is in a share when its number is below it, so a
 * growing share keeps those it had.
 */
export function stableShare(id: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
