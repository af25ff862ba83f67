/** A column of numbers that grows in chunks, so that nothing is copied and no array is larger than it has to be. */

const CHUNK = 1 << 18;

type Chunk = Uint8Array | Uint32Array | Float64Array;

export class NumberColumn {
  readonly #makeChunk: (length: number) => Chunk;
  readonly #chunkLength: number;
  readonly #chunks: Chunk[] = [];

  /** Short chunks where there are many columns and most stay short. */
  constructor(makeChunk: (length: number) => Chunk, chunkLength: number = CHUNK) {
    this.#makeChunk = makeChunk;
    this.#chunkLength = chunkLength;
  }

  /** 0 where nothing was set. */
  get(index: number): number {
    return this.#chunks[Math.floor(index / this.#chunkLength)]?.[index % this.#chunkLength] ?? 0;
  }

  set(index: number, value: number): void {
    const number = Math.floor(index / this.#chunkLength);
    while (this.#chunks.length <= number) this.#chunks.push(this.#makeChunk(this.#chunkLength));
    const chunk = this.#chunks[number];
    if (chunk) chunk[index % this.#chunkLength] = value;
  }
}
