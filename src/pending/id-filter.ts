/**
 * Tells ids that were surely never seen from those that may have been, in 12 bits an id: Bloom
 * filters (B. H. Bloom, 1970) in layers, each twice as large as the one before up to a limit, with
 * two hashes combined into six (Kirsch and Mitzenmacher, 2006). About 1 in 250 unknown ids of a full
 * layer is told "maybe" and costs a look-up.
 *
 * Between checkpoints the hashes added are listed, so that the newest layer, which still changes,
 * need not be written each time.
 */
const BITS_FOR_ID = 12;
const PROBES = 6;
const LARGEST_LAYER_IDS = 8_388_608;

export interface FilterLayer {
  readonly capacity: number;
  readonly bits: Uint8Array;
}

export class IdFilter {
  readonly #layers: FilterLayer[] = [];
  readonly #firstLayerIds: number;
  #newestCount = 0;
  #low = 0;
  #high = 0;

  constructor(firstLayerIds: number = 1_048_576) {
    this.#firstLayerIds = firstLayerIds;
  }

  /** Layers that are full and will not change, oldest first. */
  get fullLayers(): readonly FilterLayer[] {
    return this.#layers.slice(0, -1);
  }

  /** Takes full layers back, before anything is added. */
  restore(layers: readonly FilterLayer[]): void {
    this.#layers.push(...layers);
    if (layers.length > 0) this.#addLayer();
  }

  mayContain(id: string): boolean {
    this.#hash(id);
    return this.#layers.some((layer) => this.#isSet(layer));
  }

  /** Adds the id, and returns the two hashes that stand for it. */
  add(id: string): readonly [number, number] {
    this.#hash(id);
    this.#set();
    return [this.#low, this.#high];
  }

  addHashes(low: number, high: number): void {
    this.#low = low;
    this.#high = high;
    this.#set();
  }

  #set(): void {
    let newest = this.#layers.at(-1);
    if (!newest || this.#newestCount >= newest.capacity) newest = this.#addLayer();
    const size = newest.bits.length * 8;
    let at = this.#low;
    for (let i = 0; i < PROBES; i++) {
      const bit = at % size;
      newest.bits[bit >>> 3] = (newest.bits[bit >>> 3] ?? 0) | (1 << (bit & 7));
      at = (at + this.#high) >>> 0;
    }
    this.#newestCount++;
  }

  #isSet({ bits }: FilterLayer): boolean {
    const size = bits.length * 8;
    let at = this.#low;
    for (let i = 0; i < PROBES; i++) {
      const bit = at % size;
      if (((bits[bit >>> 3] ?? 0) & (1 << (bit & 7))) === 0) return false;
      at = (at + this.#high) >>> 0;
    }
    return true;
  }

  #addLayer(): FilterLayer {
    const last = this.#layers.at(-1);
    const capacity = last ? Math.min(last.capacity * 2, LARGEST_LAYER_IDS) : this.#firstLayerIds;
    const layer = { capacity, bits: new Uint8Array((capacity * BITS_FOR_ID) / 8) };
    this.#layers.push(layer);
    this.#newestCount = 0;
    return layer;
  }

  /** Two 32-bit hashes by multiplication and rotation (the mixing of MurmurHash3, A. Appleby, public domain). */
  #hash(id: string): void {
    let low = 0x9747b28c;
    let high = 0x3c6ef372;
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i);
      low = Math.imul(low ^ code, 0x85ebca6b);
      low ^= low >>> 15;
      high = Math.imul(high ^ code, 0xc2b2ae35);
      high ^= high >>> 13;
    }
    this.#low = Math.imul(low ^ (low >>> 16), 0xc2b2ae35) >>> 0;
    this.#high = (Math.imul(high ^ (high >>> 16), 0x85ebca6b) | 1) >>> 0;
  }
}
