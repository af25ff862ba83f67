/**
 * The fingerprints of an entity's newest records, by which a record that was appended twice is known.
 * A repetition follows within seconds (a connection was cut) or minutes (a shard was restarted); one
 * behind 2,048 other records of the entity, or behind one that is three days newer, is taken for a new
 * record, everywhere alike.
 */

const RECENT_MAX = 2048;
const RECENT_FIRST = 8;
const MINUTE_MS = 60_000;
const KNOWN_MINUTES = 3 * 24 * 60;

export class RecentRecords {
  #prints = new Uint32Array(RECENT_FIRST);
  /** The newest time of all records up to each. */
  #minutes = new Uint32Array(RECENT_FIRST);
  #count = 0;
  #newest = 0;

  /** What `words` gave. */
  static of(words: Uint32Array): RecentRecords {
    const recent = new RecentRecords();
    for (let at = 0; at < words.length; at += 2) recent.add(words[at] ?? 0, (words[at + 1] ?? 0) * MINUTE_MS);
    return recent;
  }

  has(print: number): boolean {
    const prints = this.#prints;
    for (let at = prints.indexOf(print); at >= 0; at = prints.indexOf(print, at + 1))
      if (this.#isKnown(at)) return true;
    return false;
  }

  /** `time` in milliseconds since 1970. */
  add(print: number, time: number): void {
    if (this.#count === this.#prints.length && this.#count < RECENT_MAX) this.#grow();
    this.#newest = Math.max(this.#newest, Math.floor(time / MINUTE_MS));
    const at = this.#count % this.#prints.length;
    this.#prints[at] = print;
    this.#minutes[at] = this.#newest;
    this.#count++;
  }

  /** A fingerprint and a minute of each that is still known, in the order in which they came. */
  words(): Uint32Array {
    const size = this.#prints.length;
    let first = Math.max(0, this.#count - size);
    while (first < this.#count && !this.#isKnown(first % size)) first++;
    const words = new Uint32Array(2 * (this.#count - first));
    for (let number = first; number < this.#count; number++) {
      words[2 * (number - first)] = this.#prints[number % size] ?? 0;
      words[2 * (number - first) + 1] = this.#minutes[number % size] ?? 0;
    }
    return words;
  }

  #isKnown(at: number): boolean {
    return (this.#minutes[at] ?? 0) > this.#newest - KNOWN_MINUTES;
  }

  #grow(): void {
    const prints = new Uint32Array(this.#prints.length * 2);
    const minutes = new Uint32Array(prints.length);
    prints.set(this.#prints);
    minutes.set(this.#minutes);
    this.#prints = prints;
    this.#minutes = minutes;
  }
}
