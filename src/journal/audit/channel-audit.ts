/**
 * What one shard has told another, beside what the other has done about it. 18 bytes for each message:
 * hashes of what was said and of what was done, by number, and the money that moves with it.
 */
import { TextHasher } from '#src/domain/text-hasher.ts';
import type { MessageTerms } from './message-terms.ts';
import { NumberColumn } from './number-column.ts';

/** Among n shards there are n times n channels. */
const CHUNK = 4_096;
const SEED_HIGH = 0x13198a2e;
const SEED_LOW = 0x03707344;

export class ChannelAudit {
  readonly #hasher = new TextHasher(SEED_HIGH, SEED_LOW);
  readonly #said = new NumberColumn((length) => new Uint32Array(length), CHUNK);
  readonly #done = new NumberColumn((length) => new Uint32Array(length), CHUNK);
  readonly #amounts = new NumberColumn((length) => new Float64Array(length), CHUNK);
  /** Index of the asset, doubled, and two more; odd for a return. */
  readonly #assetOf = new NumberColumn((length) => new Uint32Array(length), CHUNK);
  readonly #assets: string[] = [];
  #sent = 0;
  #taken = 0;

  get sent(): number {
    return this.#sent;
  }

  get taken(): number {
    return this.#taken;
  }

  send(sequence: number, { text, asset, amount, isReturn = false }: MessageTerms): void {
    this.#sent = Math.max(this.#sent, sequence);
    this.#said.set(sequence, this.#hashOf(text));
    if (asset === undefined || amount === undefined) return;
    this.#amounts.set(sequence, amount);
    this.#assetOf.set(sequence, (this.#assetIndex(asset) + 1) * 2 + Number(isReturn));
  }

  take(sequence: number, text: string): void {
    this.#taken = Math.max(this.#taken, sequence);
    this.#done.set(sequence, this.#hashOf(text));
  }

  /** The first message that had another effect than it asked for. */
  firstDifference(): number | undefined {
    for (let sequence = 1; sequence <= Math.min(this.#sent, this.#taken); sequence++)
      if (this.#said.get(sequence) !== this.#done.get(sequence)) return sequence;
    return undefined;
  }

  /** What moves, or moves back, with messages that were not taken yet. */
  outstanding(asset: string, isReturn: boolean): bigint {
    const code = (this.#assets.indexOf(asset) + 1) * 2 + Number(isReturn);
    let sum = 0n;
    for (let sequence = this.#taken + 1; sequence <= this.#sent; sequence++)
      if (this.#assetOf.get(sequence) === code) sum += BigInt(this.#amounts.get(sequence));
    return sum;
  }

  #hashOf(text: string): number {
    this.#hasher.hash(0, text);
    return this.#hasher.low;
  }

  #assetIndex(asset: string): number {
    const known = this.#assets.indexOf(asset);
    return known >= 0 ? known : this.#assets.push(asset) - 1;
  }
}
