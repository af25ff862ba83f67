/**
 * Short texts that were read lately. Accounts, actors, assets and words come again and again, and a
 * payment's id in each of its events: such a text is found by its bytes and is the same object as before,
 * which saves making it, and hashing it again wherever it is a key.
 */

/** A power of two, one text each: about a megabyte. */
const SLOTS = 1 << 14;
const FIRST_HASH = 0x811c9dc5;
const HASH_FACTOR = 0x01000193;

/** Longer ones are rarely read twice. */
export const SHORT_TEXT_LENGTH_MAX = 48;

export class ShortTexts {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => '');

  /** The text that those ASCII bytes are. */
  read(bytes: Buffer, start: number, length: number): string {
    const slot = slotOf(bytes, start, length);
    const known = this.#texts[slot] as string;
    if (known.length === length && isTextOf(known, bytes, start)) return known;
    const text = bytes.toString('latin1', start, start + length);
    this.#texts[slot] = text;
    return text;
  }
}

/** FNV-1a: G. Fowler, L. C. Noll, K.-P. Vo. */
function slotOf(bytes: Buffer, start: number, length: number): number {
  let hash = FIRST_HASH;
  for (let i = start; i < start + length; i++) hash = Math.imul(hash ^ (bytes[i] as number), HASH_FACTOR);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}

function isTextOf(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
