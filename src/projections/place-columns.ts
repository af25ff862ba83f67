/**
 * Where the records of a segment stand in the log, and when they were: places of 40 bytes in chunks,
 * so that one can be read without the others.
 */
export interface RecordPlace {
  /** Position of the row in the log. */
  readonly position: number;
  /** The record's index in its row. */
  readonly record: number;
  /** Of its first byte in the row's body. */
  readonly offset: number;
  /** Shard time. */
  readonly at: number;
  /** When the payment that it received occurred; 0 for other records. */
  readonly occurredAt: number;
}

/** Float64 values of a place, in the order of `RecordPlace`. */
const FIELDS = 5;
export const PLACES_IN_CHUNK = 512;
const INITIAL_PLACES = 8_192;

export class PlaceColumns {
  #values = new Float64Array(INITIAL_PLACES * FIELDS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(place: RecordPlace): void {
    const start = this.#count * FIELDS;
    if (start === this.#values.length) this.#grow();
    this.#values[start] = place.position;
    this.#values[start + 1] = place.record;
    this.#values[start + 2] = place.offset;
    this.#values[start + 3] = place.at;
    this.#values[start + 4] = place.occurredAt;
    this.#count++;
  }

  get(slot: number): RecordPlace {
    return placeIn(this.#values, slot);
  }

  chunks(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let slot = 0; slot < this.#count; slot += PLACES_IN_CHUNK) {
      const end = Math.min(slot + PLACES_IN_CHUNK, this.#count);
      chunks.push(new Uint8Array(this.#values.slice(slot * FIELDS, end * FIELDS).buffer));
    }
    return chunks;
  }

  #grow(): void {
    const grown = new Float64Array(this.#values.length * 2);
    grown.set(this.#values);
    this.#values = grown;
  }
}

/** A place of a chunk, by its index in it. */
export function placeInChunk(chunk: Uint8Array, index: number): RecordPlace {
  const bytes = FIELDS * Float64Array.BYTES_PER_ELEMENT;
  const own = Uint8Array.from(chunk.subarray(index * bytes, (index + 1) * bytes));
  return placeIn(new Float64Array(own.buffer), 0);
}

function placeIn(values: Float64Array, index: number): RecordPlace {
  const start = index * FIELDS;
  return {
    position: values[start] ?? 0,
    record: values[start + 1] ?? 0,
    offset: values[start + 2] ?? 0,
    at: values[start + 3] ?? 0,
    occurredAt: values[start + 4] ?? 0,
  };
}
