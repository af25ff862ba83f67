/**
 * The fingerprints of an entity's newest records, by which a record that was appended twice is known.
 * A repetition follows within seconds (a connection was cut) or minutes (a shard was restarted); one
 * behind 2,048 other records of the entity is taken for a new record, everywhere alike.
 */

const RECENT_MAX = 2048;
const RECENT_FIRST = 8;

export class RecentRecords {
  #ring = new Uint32Array(RECENT_FIRST);
  #count = 0;

  has(print: number): boolean {
    return this.#ring.includes(print);
  }

  add(print: number): void {
    if (this.#count === this.#ring.length && this.#count < RECENT_MAX) this.#grow();
    this.#ring[this.#count % this.#ring.length] = print;
    this.#count++;
  }

  #grow(): void {
    const ring = new Uint32Array(this.#ring.length * 2);
    ring.set(this.#ring);
    this.#ring = ring;
  }
}
