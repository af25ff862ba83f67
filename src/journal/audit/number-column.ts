/** A column of numbers that grows in chunks, so that nothing is copied and no array is larger than it has to be. */

const CHUNK = 1 << 18;

type Chunk = Uint8Array | Uint32Array | Float64Array;

export class NumberColumn {
  readonly #makeChunk: (length: number) => Chunk;
  readonly #chunks: Chunk[] = [];

  constructor(makeChunk: (length: number) => Chunk) {
    this.#makeChunk = makeChunk;
  }

  /** 0 where nothing was set. */
  get(index: number): number {
    return this.#chunks[Math.floor(index / CHUNK)]?.[index % CHUNK] ?? 0;
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / CHUNK);
    while (this.#chunks.length <= number) this.#chunks.push(this.#makeChunk(CHUNK));
    const chunk = this.#chunks[number];
    if (chunk) chunk[index % CHUNK] = value;
  }
}
