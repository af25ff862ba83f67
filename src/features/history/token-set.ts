/** A set of 32-bit tokens that is emptied in no time, for as many as a history has rows. */

/** Four times the rows of the longest list, so that probing stays short. */
const SLOTS = 1 << 13;
const MASK = SLOTS - 1;
const STAMP_MAX = 0xffff_ffff;

export class TokenSet {
  readonly #tokens = new Uint32Array(SLOTS);
  readonly #stamps = new Uint32Array(SLOTS);
  #stamp = 0;

  clear(): void {
    if (this.#stamp === STAMP_MAX) {
      this.#stamps.fill(0);
      this.#stamp = 0;
    }
    this.#stamp++;
  }

  /** True when it was not there. */
  add(token: number): boolean {
    let slot = Math.imul(token, 0x9e3779b1) >>> 19;
    for (; this.#stamps[slot] === this.#stamp; slot = (slot + 1) & MASK) {
      if (this.#tokens[slot] === token) return false;
    }
    this.#stamps[slot] = this.#stamp;
    this.#tokens[slot] = token;
    return true;
  }
}
